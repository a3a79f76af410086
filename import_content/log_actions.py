"""Actions of the importer in Wagtail's audit log."""

from __future__ import annotations

IMPORT = "import_content.import"
"""An article was made of a source."""
UPDATE = "import_content.update"
"""Its source changed, nobody else had changed the article."""
MERGE = "import_content.merge"
"""Its source changed, and so had an editor: both changes were put together."""
UNDO = "import_content.undo"
"""What an import did was taken back."""
CONFLICT = "import_content.conflict"
"""Its source and an editor changed the same place: the editor's version stays until a person decides."""
RESOLVE = "import_content.resolve"
"""A person decided a conflict between source and editor."""
PRUNE = "import_content.prune"
"""Its source is gone, and the importer was asked to unpublish such articles."""
