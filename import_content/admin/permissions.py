"""Who may do what with imports in the admin."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies.base import BasePermissionPolicy

from import_content.models import ImportRun

IMPORT = "import_articles"
RESOLVE = "resolve_conflicts"


class ImportPermissionPolicy(BasePermissionPolicy):
    """The importer's own permissions, by their codename: `IMPORT` and `RESOLVE`."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(user.is_active and user.has_perm(f"import_content.{action}"))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return bool(self.user_has_permission(user, action))


POLICY = ImportPermissionPolicy(ImportRun)


def may_see_imports(user: Any) -> bool:
    """Whether anything of the importer shows in the admin."""
    return bool(POLICY.user_has_any_permission(user, [IMPORT, RESOLVE]))
