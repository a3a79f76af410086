"""The contract that front ends build on: the OpenAPI document, its committed snapshot, and what a change means."""
