"""The site that Wagtail serves: the public form of articles as HTML, under the rule that the content API has."""
