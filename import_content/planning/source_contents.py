"""Read files where they lie, for those who cannot reach them there."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import BinaryIO

from import_content.options import ImportOptions
from import_content.planning.interpreter import stamp
from import_content.planning.source_identity import NewSource
from import_content.sources import read_bytes
from import_content.sources.source import FileContents, SourceFile


def read_contents(file: SourceFile, options: ImportOptions, *, stdin: BinaryIO | None = None) -> SourceFile:
    """The same file with its bytes.  Raises `SourceError` for what cannot be read or is too large."""
    profile = None if options.profile is not None else file.profile()
    data = read_bytes(file, max_bytes=options.max_bytes, stdin=stdin)
    root = (file.root or file.path.parent).resolve() if file.path is not None else None
    return replace(file, root=root, contents=FileContents(data, profile))


def new_source(file: SourceFile, options: ImportOptions) -> NewSource | None:
    """What identifies a file whose contents were read and whose key is not on record; None for any other."""
    if file.contents is None or file.path is None or file.known:
        return None
    profile = options.profile if options.profile is not None else file.contents.profile
    source_hash = stamp(hashlib.sha256(file.contents.data).hexdigest(), profile)
    return NewSource(options.record_key(file.key), source_hash, str(file.root or ""))
