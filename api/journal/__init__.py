"""The journal: every public change in one place, in commit order.

``marks`` are written in the transaction of a change; the ``sequencer`` turns committed marks into entries, by comparing
what is public now (``kinds``) with what the journal says (``differences``); ``feed``, ``tree`` and ``sums`` read them.
"""
