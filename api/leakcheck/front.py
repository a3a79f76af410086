"""The public content: what everything else is made with, and what refers to each hidden object in every way."""

from __future__ import annotations

from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Locale, Page, Site

from api.leakcheck import making
from api.leakcheck.case import Case
from api.leakcheck.hidden import SECOND_LANGUAGE
from api.leakcheck.subjects import Stage, Subject
from api.leakcheck.words import Words
from pages.models import ArticlePage

OTHER, NESTED = "leak-other.example", "leak-nested.example"


def empty_stage() -> Stage:
    """Sites, a second language, and the school and the image that every article has."""
    words = Words()
    home = Page.objects.get(pk=Site.objects.get(is_default_site=True).root_page_id)
    Locale.objects.get_or_create(language_code=SECOND_LANGUAGE)
    shelf = making.index(home, making.plain("Shelf"))
    stage = Stage(words, home, shelf, _site(OTHER, Page.get_first_root_node()), _site(NESTED, home))
    shared = making.plain("Seen by all")
    school, root = making.school(shared), Collection.get_first_root_node()
    image, document = making.image(root, shared), making.document(root, shared)
    stage.public += [
        Subject("school", school.pk, hidden=False, slug=school.slug, key=str(school.translation_key)),
        Subject("image", image.pk, hidden=False),
        Subject("document", document.pk, hidden=False),
        making.page_subject(shelf, home, hidden=False),
    ]
    return stage


def _site(hostname: str, parent: Page) -> Site:
    title = making.hyphenated(hostname.partition(".")[0])
    root = Page.objects.get(pk=parent.pk).add_child(instance=Page(title=title, slug=title))
    site: Site = Site.objects.create(hostname=hostname, port=80, root_page=root, site_name=title)
    return site


def refer_to_hidden(stage: Stage) -> None:
    """Links, calls, listings, pictures, a logo: from public content to everything hidden."""
    shelf = making.index(stage.home, making.plain("Front"))
    links = _links(stage)
    shelf.introduction = links
    shelf.save_revision().publish()
    _show(stage, shelf)
    calls = [making.call_to_action("Go there", page=subject.pk) for subject in stage.of_kind("page")]
    _article(stage, shelf, "Linking", [making.section("Links", links, "links"), *calls], introduction=links)
    _schools(stage, shelf, links)
    _pictures(stage, shelf)
    _public_relations(stage, shelf)


def _links(stage: Stage) -> str:
    named = [("page", subject.pk) for subject in stage.of_kind("page")]
    named += [("document", subject.pk) for subject in stage.of_kind("document")]
    return "<p>" + " ".join(f'<a linktype="{kind}" id="{pk}">there</a>' for kind, pk in named) + "</p>"


def _article(stage: Stage, parent: Page, title: str, body: list[making.Json], **fields: object) -> ArticlePage:
    page = ArticlePage(**fields)
    making.fill(page, making.plain(title))
    for name, value in fields.items():
        setattr(page, name, value)
    page.body = body
    page.show_in_menus = True
    page.topics.add("Seen by all")
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    made: ArticlePage = ArticlePage.objects.get(pk=page.pk)
    _show(stage, made)
    for subject in making.topic_subjects(made, hidden=False):
        if subject not in stage.public:
            stage.public.append(subject)
    return made


def _show(stage: Stage, page: Page) -> None:
    stage.public.append(making.page_subject(page, stage.home, hidden=False))


def _schools(stage: Stage, shelf: Page, links: str) -> None:
    say = Case(stage, "what an article says of a hidden school").say
    hidden = [(subject.pk, say("description")) for subject in stage.of_kind("school")]
    shown = next(subject.pk for subject in stage.public if subject.kind == "school")
    _article(stage, shelf, "Listing both", [making.listing(*hidden, (shown, "Seen."))])
    _article(stage, shelf, "Listing what is hidden", [making.section("Above", links, "above"), making.listing(*hidden)])
    for number, subject in enumerate(stage.of_kind("image")):
        school = making.school(
            making.plain(f"College {number} with a hidden logo"), logo_id=subject.pk, description=links
        )
        school.description = links
        school.save()
        stage.public.append(Subject("school", school.pk, hidden=False, slug=school.slug))


def _pictures(stage: Stage, shelf: Page) -> None:
    say = Case(stage, "what an article says of a hidden image").say
    for subject in stage.of_kind("image"):
        picture = making.picture(subject.pk, say("alt"), say("caption"))
        body = [making.section("Pictures", "<p>None.</p>", "pictures"), picture]
        _article(stage, shelf, f"Picture {subject.pk}", body, lead_image_id=subject.pk)


def _public_relations(stage: Stage, shelf: Page) -> None:
    """An alias, a translation and a redirect that readers may follow, so that such routes have something to show."""
    article = _article(stage, shelf, "Plain", [making.section("Part", "<p>Words.</p>", "part")])
    _show(
        stage, CreatePageAliasAction(article, parent=Page.objects.get(pk=shelf.pk), update_slug="plain-alias").execute()
    )
    article.copy_for_translation(Locale.objects.get(language_code=SECOND_LANGUAGE), copy_parents=True)
    other = ArticlePage.objects.exclude(pk=article.pk).get(
        translation_key=article.translation_key, alias_of__isnull=True
    )
    other.save_revision().publish()
    _show(stage, other)
    redirect = Redirect.objects.create(old_path="/leak-old", redirect_page=article)
    stage.public.append(Subject("redirect", redirect.pk, hidden=False, path="/leak-old"))
