"""Tells others of changes: caches first, then addresses that asked for it, in order, until they have heard.

The journal is the outbox: what an address has not heard yet is what stands behind its number.
"""
