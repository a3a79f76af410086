"""The three-way merge of an article: what the last import wrote, what an editor made of it, what the source says now.

Pure and deterministic: values in, values out, no Django.  The editor's words are never overwritten; where both
sides changed the same words the editor's version stays, and the decision says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from import_content.merge.blocks import (
    merge_blocks,
    note_text,
    same_block,
    with_base_ids,
)
from import_content.merge.text import merge_line, merge_rich, same_rich
from import_content.merge.values import (
    Action,
    Article,
    Decision,
    DecisionLog,
    Merge,
    Path,
)

__all__ = ["Action", "Article", "Decision", "Merge", "Path", "continued", "merge", "same_article"]


def continued(base: Article, theirs: Article, *, taken: set[str]) -> Article:
    """The new source under the ids of the blocks of the old one that it continues.

    `taken`: ids that are in use in the page and must not be given to anything new.
    """
    return Article(theirs.title, theirs.introduction, tuple(with_base_ids(list(base.body), list(theirs.body), taken)))


def merge(base: Article, ours: Article, theirs: Article, *, names: Mapping[int, str] | None = None) -> Merge:
    """Put together what editor and source did since `base`.  `theirs` must be `continued` from `base`.

    `names` of schools are for descriptions only.
    """
    log = DecisionLog(names or {})
    title = merge_line(base.title, ours.title, theirs.title, note_text(("title",), "title", log))
    introduction = merge_rich(
        base.introduction,
        ours.introduction,
        theirs.introduction,
        note_text(("introduction",), "introduction", log),
    )
    body, renamed = merge_blocks(list(base.body), list(ours.body), list(theirs.body), ("body",), "", log)
    article = Article(title, introduction, tuple(body))
    return Merge(article, tuple(log.decisions), Article(theirs.title, theirs.introduction, tuple(renamed)))


def same_article(one: Article, other: Article) -> bool:
    """Whether two versions say the same, ids aside."""
    return (
        one.title == other.title
        and same_rich(one.introduction, other.introduction)
        and len(one.body) == len(other.body)
        and all(same_block(a, b) for a, b in zip(one.body, other.body, strict=True))
    )
