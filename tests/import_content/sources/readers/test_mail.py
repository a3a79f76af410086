"""Mail: the message that was written, without quotes, signatures and footers."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from import_content.sources.errors import SourceError, SourceErrorCode
from tests.import_content.sources.documents import document_of, dropped, said

TEXT = "The oven came today, and it is as large as a small room with a door of iron."


def mail(text: str = "", html: str = "", subject: str = "The Oven Is Here", **headers: str) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["Message-ID"] = subject, "ann@x.example", "<1@x.example>"
    message["Date"] = "Tue, 05 Mar 2024 10:00:00 +0100"
    if text:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize(
    "after",
    [
        "-- \nAnn Baker\nTel. 1234\n",
        "Best regards,\nAnn\n",
        "Sent from my telephone\n",
        "On Mon, 4 Mar 2024 at 10:00, Bob <bob@x.example> wrote:\n> When does it come?\n> Bob\n",
        "On Mon, 4 Mar 2024 at 10:00, Bob Longname of the Bakery\n<bob@x.example> wrote:\n\n> When does it come?\n",
        "-----Original Message-----\nFrom: Bob\nSent: Monday\n\nWhen does it come?\n",
        "From: Bob\nSent: Monday, 4 March 2024\nTo: Ann\nSubject: Oven\n\nWhen does it come?\n",
        "You are receiving this because you signed up.\nUnsubscribe: https://x.example/u\n",
    ],
)
def test_what_follows_a_message_is_no_part_of_it(after: str) -> None:
    assert said("a.eml", mail(f"{TEXT}\n\nIt is hot.\n\n{after}")) == ["= The Oven Is Here", TEXT, "It is hot."]


def test_answers_between_quotes_are_kept_without_the_quotes() -> None:
    data = mail(
        f"On Monday, Bob wrote:\n> When?\n\n{TEXT}\n\n> And the price?\n\nIt was dear, but not as dear as it might be.\n"
    )
    assert said("a.eml", data) == ["= The Oven Is Here", TEXT, "It was dear, but not as dear as it might be."]
    assert dropped("a.eml", data)["quoted_reply"].count("?") == 2


def test_a_message_in_html_is_read_as_such() -> None:
    html = (
        f"<html><body><p>View this email in your browser</p><h1>The oven is here</h1><p>{TEXT.replace('oven', '<b>oven</b>')}</p>"
        "<ul><li>Hot</li></ul><table><tr><td>You received this email since you asked. <a href='u'>Unsubscribe</a></td></tr>"
        "</table><div class='gmail_quote'>On Monday Bob wrote: <blockquote>When?</blockquote></div></body></html>"
    )
    data = mail("plain", html)
    assert said("a.eml", data) == ["= The Oven Is Here", TEXT.replace("oven", "*oven*"), "- Hot"]
    assert set(dropped("a.eml", data)) == {"newsletter_footer", "quoted_reply", "repeated_title"}


@pytest.mark.parametrize("subject", ["Re: The Oven Is Here", "Fwd: AW: [Bakers] The Oven Is Here"])
def test_the_subject_is_the_title_without_what_mailers_put_before_it(subject: str) -> None:
    assert said("a.eml", mail(f"{TEXT}\n\nIt is hot.\n", subject=subject))[0] == "= The Oven Is Here"


def test_flowed_lines_are_one_paragraph() -> None:
    data = mail(TEXT.replace("large as", "large \nas") + "\n").replace(b"text/plain;", b"text/plain; format=flowed;")
    assert said("a.eml", data) == ["= The Oven Is Here", TEXT]


def test_the_date_of_a_message_is_its_date() -> None:
    moment = document_of("a.eml", mail(TEXT)).fields.published_at
    assert moment is not None
    assert moment.isoformat() == "2024-03-05T10:00:00+01:00"


def test_a_message_of_attachments_alone_is_refused() -> None:
    message = EmailMessage()
    message["Subject"], message["Message-ID"] = "Files", "<1@x>"
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    with pytest.raises(SourceError) as caught:
        document_of("a.eml", message.as_bytes())
    assert caught.value.code is SourceErrorCode.BLANK
