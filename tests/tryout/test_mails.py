"""The try-out shows its e-mails in the browser; no other portal does."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import NoReverseMatch, reverse

from smartcities.tryout.demo import mails_key
from smartcities.tryout.mails import EmailBackend
from tests.tryout import with_mails

LIST = "/ausprobieren/e-mails/"
DATE = re.compile(rb"Date: [^\n]+")
HTML = "<html><head><title>x</title></head><body><script>alert(1)</script><a href='/y/'>Ja</a>"


@pytest.fixture
def folder(tmp_path, settings):
    settings.EMAIL_FILE_PATH = tmp_path / "mails"
    settings.SHOWS_ITS_MAILS = True
    settings.ROOT_URLCONF = with_mails.__name__
    settings.SECRET_KEY = "of this clone"
    return settings.EMAIL_FILE_PATH


def write(subject: str) -> None:
    mail = EmailMultiAlternatives(
        subject, "Guten Tag, <b>Größe</b>\nhttps://portal.example/ja/", to=["eva@stadt.example"]
    )
    mail.attach_alternative(HTML, "text/html")
    mail.attach("termin.ics", "BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
    EmailBackend().send_messages([mail])


@pytest.mark.django_db
def test_an_email_is_listed_and_shown_and_what_it_brings_runs_nothing(client, folder):
    opened = client.get(LIST, {"schluessel": mails_key("of this clone")})
    assert opened["Location"] == LIST
    assert "Noch hat es keine geschrieben." in client.get(LIST).text
    write("Bitte bestätigen: Müßig")
    write("Neuere")

    listed = client.get(LIST)
    found = re.findall(r'href="(/ausprobieren/e-mails/[^"]+/)">([^<]+)<', listed.text)
    assert [subject for _url, subject in found] == ["Neuere", "Bitte bestätigen: Müßig"]
    assert "eva@stadt.example, " in listed.text
    _first, second = sorted(folder.glob("*.eml"))
    second.write_bytes(DATE.sub(b"Date: Thu, 26 Nov 2026 16:27:26 -0000", second.read_bytes()))
    assert "26.11.2026, 17:27:26 Uhr" in client.get(LIST).text

    url = found[1][0]
    page = client.get(url)
    assert '<a href="https://portal.example/ja/">https://portal.example/ja/</a>' in page.text
    assert "&lt;b&gt;Größe" in page.text
    assert "<script>alert" not in page.text
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page.text
    framed = client.get(f"{url}html/")
    assert '<head><base target="_top"><title>x' in framed.text
    policy = framed["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("; sandbox allow-top-navigation-by-user-activation")
    assert "script" not in policy
    file = client.get(f"{url}anhang/0/")
    assert (file.content, file["Content-Type"]) == (b"BEGIN:VCALENDAR", "text/calendar")
    assert file["Content-Disposition"].startswith("attachment; ")
    assert {client.get(f"{url}{wrong}").status_code for wrong in ("anhang/1/", "x/")} == {404}
    assert client.post(url).status_code == 405
    assert page["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_only_who_started_the_try_out_reads_them(client, folder, settings):
    write("Geheim")
    [file] = folder.glob("*.eml")
    pages = [f"{LIST}{rest}" for rest in ("", f"{file.stem}/", f"{file.stem}/html/")]
    client.cookies["tryout_mails"] = mails_key("of another clone")
    for page in [*pages, f"{LIST}?schluessel=falsch", f"{pages[1]}anhang/0/"]:
        answer = client.get(page)
        assert (page, answer.status_code, "Geheim" in answer.text) == (page, 403, False)
    client.get(LIST, {"schluessel": mails_key("of this clone")})
    assert {client.get(page).status_code for page in pages} == {200}
    settings.SHOWS_ITS_MAILS = False
    assert client.get(LIST).status_code == 404


def test_a_portal_that_is_no_try_out_has_no_such_address():
    with pytest.raises(NoReverseMatch):
        reverse("tryout_mails")
