"""The content model."""

from pages.models.articles import ArticleIndexPage, ArticlePage
from pages.models.published import PublishedArticle, PublishedListing, PublishedText
from pages.models.school_names import MergedSchool, SchoolNameProposal, SimilarNames
from pages.models.schools import School, SchoolAlias
from pages.models.topics import ArticleTopic, Topic

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "ArticleTopic",
    "MergedSchool",
    "PublishedArticle",
    "PublishedListing",
    "PublishedText",
    "School",
    "SchoolAlias",
    "SchoolNameProposal",
    "SimilarNames",
    "Topic",
]
