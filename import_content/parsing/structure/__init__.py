"""From decoded text to a document: lines -> layout -> units -> classes -> blocks.

Every step is a pure function of values; the rules are data (`evidence`, `vocabulary`).  `recover_structure` runs them.
"""
