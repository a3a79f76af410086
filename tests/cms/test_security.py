"""Sign-in, headers, files: what an attacker tries first."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction

from cms.settings.environment import database, keep_private
from pages.models import ArticleIndexPage
from tests.factories import make_article

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def sign_in(client: Client, password: str, **headers: Any) -> Any:
    return client.post(reverse("wagtailadmin_login"), {"username": "ann", "password": password}, **headers)


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_superuser("ann", "ann@example.com", "the right one")


def test_after_five_wrong_passwords_the_right_one_is_refused_too(client: Client, ann: User) -> None:
    assert [sign_in(client, "wrong").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    answer = sign_in(client, "the right one")
    assert answer.status_code == 429
    assert "Sign-in is locked" in answer.text
    assert client.get("/admin/").status_code == 302


def test_the_person_signs_in_from_elsewhere_meanwhile(client: Client, ann: User) -> None:
    for _ in range(6):
        sign_in(client, "wrong")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), "the right one").status_code == 302


def test_a_client_cannot_name_its_own_address(client: Client, ann: User) -> None:
    for number in range(6):
        sign_in(client, "wrong", headers={"x-forwarded-for": f"192.0.2.{number}"})
    assert sign_in(client, "the right one", headers={"x-forwarded-for": "198.51.100.1"}).status_code == 429


@pytest.mark.parametrize("address", ["", "unix:", "192.0.2.1:80"])
def test_a_request_without_an_address_signs_in_and_is_locked_out_all_the_same(ann: User, address: str) -> None:
    client = Client(REMOTE_ADDR=address)
    assert sign_in(client, "the right one").status_code == 302
    client.logout()
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(client, "the right one").status_code == 429


def test_a_right_password_starts_the_count_anew(client: Client, ann: User) -> None:
    for _ in range(2):
        for _ in range(3):
            sign_in(client, "wrong")
        assert sign_in(client, "the right one").status_code == 302
        client.logout()


@pytest.mark.parametrize(
    "path", ["/", "/articles/", "/admin/login/", "/api/v1/", "/api/v1/docs/", "/nowhere/", "/api/nowhere", "/media/x"]
)
def test_every_answer_has_a_policy_and_no_stranger_may_frame_it(
    client: Client, article_index: ArticleIndexPage, path: str
) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src")
    assert "unsafe-eval" not in policy
    assert answer.headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}
    if not path.startswith("/admin"):
        assert "script-src 'self' 'unsafe-inline'" not in policy


def test_pages_of_the_site_and_the_docs_run_no_inline_scripts(
    admin_client: Client, article_index: ArticleIndexPage
) -> None:
    article = make_article(article_index)
    for path in ("/", article.url, "/api/v1/docs/"):
        scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", admin_client.get(path).text)
        assert scripts == [], path


@pytest.fixture
def private(db: None) -> Collection:
    collection: Collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection


def read(client: Client, path: str) -> int:
    answer = client.get(f"/media/{path}")
    if answer.streaming:
        assert b"".join(answer)
    return answer.status_code


def test_private_originals_and_renditions_are_for_the_admin_alone(
    client: Client, admin_client: Client, private: Collection
) -> None:
    model = get_image_model()
    hidden = model.objects.create(title="a", file=get_test_image_file("hidden.png"), collection=private)
    shown = model.objects.create(title="b", file=get_test_image_file("shown.png"))
    for image, strangers in ((hidden, 404), (shown, 200)):
        for path in (image.file.name, image.get_rendition("width-100").file.name):
            assert read(client, path) == strangers
            assert read(admin_client, path) == 200
    assert "private" in admin_client.get(f"/media/{hidden.file.name}").headers["Cache-Control"]


def test_documents_are_not_to_be_had_from_the_media_folder_by_anybody(client: Client, admin_client: Client) -> None:
    document = get_document_model().objects.create(title="a", file=ContentFile(b"secret", name="a.txt"))
    for who in (client, admin_client):
        assert read(who, document.file.name) == 404
    assert client.get(document.url).status_code == 200


def test_files_that_nothing_knows_are_not_served(client: Client) -> None:
    name = default_storage.save("exports/users.csv", ContentFile(b"a,b"))
    assert read(client, name) == 404
    assert client.get("/media/../manage.py").status_code == 404


def test_nginx_sends_the_bytes_where_the_readme_says_so(client: Client, settings: Any) -> None:
    readme = (ROOT / "README.md").read_text()
    prefix = re.search(r"`MEDIA_ACCEL_PREFIX=(\S+)`", readme)
    internal = re.search(r"location (\S+) \{ internal; alias (\S+); \}", readme)
    assert prefix is not None
    assert internal is not None
    assert internal[1] == prefix[1]
    assert internal[2].endswith("/")
    settings.MEDIA_ACCEL_PREFIX = prefix[1]
    image = get_image_model().objects.create(title="b", file=get_test_image_file("sent by nginx.png"))
    answer = client.get(f"/media/{image.file.name}")
    assert answer.headers["X-Accel-Redirect"] == f"{prefix[1]}{image.file.name}"
    assert answer.content == b""


def test_the_database_file_and_its_folder_are_for_their_owner_alone(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = tmp_path / "var"
    keep_private(folder, ours=True)
    database(f"sqlite:///{folder / 'db.sqlite3'}")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "db.sqlite3").stat().st_mode) == 0o600


def test_a_folder_that_a_person_chose_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    keep_private(tmp_path, ours=False)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
