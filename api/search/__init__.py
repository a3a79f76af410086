"""Full-text search of published articles: what was asked, which articles hit, in which order, and the excerpts.

`query` understands what readers type, `hits` asks the index (`pages.search.index`) for the best articles, `results`
lets them through the visibility rule and makes pages of them, `marks` finds the words that hit in a text, and
`excerpts` cuts it down and makes it HTML.
"""
