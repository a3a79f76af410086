"""The leak audit: does anything reach readers that they may not see?

A stage is set inside a transaction: one canary of every hidden kind, with a random word in every field, and public
content that refers to each of them in every way there is.  Then every route of the URL configuration is asked with
every parameter of the contract.  It is a leak

- if a hidden word stands in an answer: body, header, address, inside a cursor;
- if an answer differs in anything once the hidden objects are gone: a count, an order, a cursor, a validator;
- if it differs for somebody who is signed in and has passed every restriction.

At the end the transaction is rolled back and nothing is left.

    words      random words, found again wherever they turn up
    subjects   what the stage is made of
    making     objects with a word in every field
    hidden*    the canaries: one function for each hidden kind
    front      the public content that refers to them
    probes     requests, from the contract and the URL configuration
    visitor    sends them
    audit      all of it, and what was found
"""
