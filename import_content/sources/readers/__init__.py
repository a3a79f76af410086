"""One module per format: `read` makes one article of a file's bytes, `unpack` gives the articles in a container.

A new format is a module here and an entry in `import_content.sources.formats.FORMATS`.
"""
