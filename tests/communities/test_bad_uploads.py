"""Bad files, through the forms of the administration as somebody sends them: a sentence, nothing else.

What each kind of content is stands in `test_files.py` and `test_inviting.py`.
"""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.urls import reverse

from communities.invitees import MOST_PROBLEMS
from communities.models import Membership, MembershipState, Result
from events.models import Document, Event
from mailing.models import Email
from tests.communities.answers import NO_FILES
from tests.events.test_admin import form_of
from tests.factories import UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
RESULT = reverse("admin:communities_result_add")
INVITE = reverse("admin:communities_invite")
NOT_ALLOWED = (
    "Diese Art von Datei kann hier nicht abgelegt werden. Erlaubt sind: PDF, ODT, ODS, ODP, DOCX, "
    "XLSX, PPTX, PNG, JPEG, CSV, TXT und ZIP. Entscheidend ist der Inhalt, nicht die Endung des "
    "Namens."
)


def bomb() -> bytes:
    """Says that it is an office file, in 100 MB of zeros."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", bytes(100_000_000))
    return written.getvalue()


BAD = {
    "html called pdf": ("leitfaden.pdf", b"<!DOCTYPE html><script>alert(1)</script>", NOT_ALLOWED),
    "svg with a script": (
        "bild.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        NOT_ALLOWED,
    ),
    "svg called png": ("bild.png", b"<?xml version='1.0'?><svg onload='alert(1)'/>", NOT_ALLOWED),
    "program": ("plan.pdf", b"MZ\x90\x00\x03\x00", NOT_ALLOWED),
    "bomb": ("daten.ods", bomb(), NOT_ALLOWED),
    "null bytes": ("notiz.txt", b"erst Text\x00dann nicht", NOT_ALLOWED),
    "empty": ("leer.pdf", b"", "Die übertragene Datei ist leer."),
}
each_bad_file = pytest.mark.parametrize(("name", "content", "sentence"), BAD.values(), ids=BAD)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def client(client, community):
    client.force_login(CoordinationFactory(community=community, user=UserFactory()).user)
    return client


@pytest.fixture
def event(community):
    return EventFactory(community=community, kind="aeg-workshop", title="Workshop")


@pytest.fixture
def written(monkeypatch) -> list[int]:
    """How many bytes of uploads were written to the disk, piece by piece."""
    pieces: list[int] = []
    receive = TemporaryFileUploadHandler.receive_data_chunk

    def counted(self, raw_data, start):
        pieces.append(len(raw_data))
        return receive(self, raw_data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", counted)
    return pieces


def send_result(client, community, name: str, content: bytes, **fields):
    file = SimpleUploadedFile("x", content)
    file.name = file._name = name  # as the browser says it, not as Django would like it
    values = {"community": community.pk, "kind": "leitfaden", "title": "Leitfaden"}
    return client.post(RESULT, values | NO_FILES | {"state": "entwurf", "file": file} | fields)


def send_document(client, event, name: str, content: bytes):
    address = reverse("admin:events_event_change", args=[event.pk])
    values = form_of(client, address)
    values |= {
        "title": "Neuer Titel",
        "documents-0-title": "Folien",
        "documents-0-file": SimpleUploadedFile(name, content),
    }
    return client.post(address, values)


def complaints(answer) -> list[str]:
    context = answer.context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += formset.formset.forms
    return [str(text) for form in forms for texts in form.errors.values() for text in texts]


def stored(media) -> list:
    return [path for path in media.rglob("*") if path.is_file()]


@each_bad_file
def test_a_result_with_a_bad_file_is_not_stored(client, community, media, name, content, sentence):
    answer = send_result(client, community, name, content)

    assert (answer.status_code, complaints(answer)) == (200, [sentence])
    assert sentence in answer.text
    assert not Result.objects.exists()
    assert stored(media) == []


@each_bad_file
def test_an_event_with_a_bad_document_stays_as_it_was(
    client, event, media, name, content, sentence
):
    answer = send_document(client, event, name, content)

    assert (answer.status_code, complaints(answer)) == (200, [sentence])
    assert sentence in answer.text
    assert not Document.objects.exists()
    assert Event.objects.get().title == "Workshop"
    assert stored(media) == []


def test_the_same_forms_take_good_files(client, community, event, media):
    assert send_result(client, community, "a.pdf", PDF).status_code == 302
    assert send_document(client, event, "a.pdf", PDF).status_code == 302
    assert Event.objects.get().title == "Neuer Titel"
    assert len(stored(media)) == 2


@pytest.mark.parametrize("kind", ["result", "document"])
def test_of_too_large_a_file_only_the_allowed_size_is_ever_written(
    client, community, event, media, settings, written, kind
):
    settings.UPLOAD_MOST_BYTES = 3_000_000
    large = PDF + bytes(20_000_000)

    if kind == "result":
        answer = send_result(client, community, "gross.pdf", large)
    else:
        answer = send_document(client, event, "gross.pdf", large)

    sentence = "Die Datei ist zu groß. Erlaubt sind höchstens 3 MB."
    assert (answer.status_code, complaints(answer)) == (200, [sentence])
    assert 3_000_000 <= sum(written) < 3_000_000 + 2 * 64 * 1024
    assert not Result.objects.exists()
    assert not Document.objects.exists()
    assert stored(media) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\kim\Plan.pdf", "Plan.pdf"),
        ("/absolut.html", "absolut.pdf"),
        ("nu\0ll.pdf", "null.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
    ],
)
def test_a_path_in_the_name_leads_nowhere(client, community, media, name, shown):
    assert send_result(client, community, name, PDF).status_code == 302

    result = Result.objects.get()
    assert result.file_name == shown
    assert [path.relative_to(media).as_posix() for path in stored(media)] == [result.file.name]


def test_null_bytes_in_a_field_are_not_stored(client, community):
    answer = send_result(client, community, "a.pdf", PDF, title="Leit\0faden")

    assert answer.status_code == 302
    assert Result.objects.get().title == "Leitfaden"


# Lists of people ---------------------------------------------------------------------------------


def send_list(client, community, data: bytes, **fields):
    file = SimpleUploadedFile("liste.csv", data, "text/csv")
    values = {"community": community.pk, "role": "mitglied", "file": file}
    return client.post(INVITE, values | fields)


def problems(answer) -> list[str]:
    return [str(problem) for problem in answer.context["preview"].problems]


def nobody_was_invited(community) -> bool:
    others = Membership.objects.filter(community=community).exclude(role="koordination")
    return not others.exists() and not Email.objects.exists()


NO_COLUMNS = (
    "Zeile 1: Hier müssen die Namen der Spalten stehen: „Name“, „E-Mail“ und, wenn Sie möchten, "
    "„Rolle“."
)
UNREADABLE = "Manche Zeichen sind nicht lesbar. Bitte speichern Sie die Tabelle als „CSV UTF-8“."
LISTS = {
    "wrong columns": (b"Vorname;Telefon\nEva;1\n", [NO_COLUMNS]),
    "no columns": (b"Eva;eva@kommune.example\n", [NO_COLUMNS]),
    "a column twice": (
        b"E-Mail;Name;Mail\na@k.example;A;b@k.example\n",
        ["Zeile 1: Eine Spalte kommt mehrmals vor: E-Mail."],
    ),
    "duplicates and bad addresses": (
        b"Name;E-Mail\nEva;eva@kommune.example\nEva;EVA@kommune.example\nJo;jo(at)k\n;\nX;\n",
        [
            "Zeile 3: Die Adresse steht schon in Zeile 2.",
            "Zeile 4: „jo(at)k“ ist keine E-Mail-Adresse.",
            "Zeile 6: Die E-Mail-Adresse fehlt.",
        ],
    ),
    "header injection": (
        b'Name;E-Mail\nEva;"eva@kommune.example\nBcc: alle@kommune.example"\n',
        ["Zeile 2: „eva@kommune.example Bcc: alle@kommune.example“ ist keine E-Mail-Adresse."],
    ),
    "utf-16 without a mark": (
        "Name;E-Mail\nEva;eva@kommune.example\n".encode("utf-16-le"),
        ["Die Datei ist leer oder keine CSV-Datei."],
    ),
    "an unknown encoding": (
        b"Name;E-Mail\nJ\x9arg M\x81ller;jo@kommune.example\n",
        [f"Zeile 2: {UNREADABLE}"],
    ),
    "null bytes": (
        b"Name;E-Mail\nE\x00va;eva@kommune.example\n",
        ["Die Datei ist leer oder keine CSV-Datei."],
    ),
    "a spreadsheet": (b"PK\x03\x04\x00\x00", ["Die Datei ist leer oder keine CSV-Datei."]),
    "a web page": (b"<html><body>E-Mail</body></html>", [NO_COLUMNS]),
    "too many bytes": (b"E-Mail\n" + b"x" * 2**20, ["Die Datei ist größer als 1 MB."]),
    "10,000 good lines": (
        b"E-Mail\n" + b"".join(b"p%d@kommune.example\n" % number for number in range(10_000)),
        ["Zeile 502: Mehr als 500 Personen gehen nicht auf einmal."],
    ),
}


@pytest.mark.parametrize(("data", "sentences"), LISTS.values(), ids=LISTS)
def test_a_bad_list_is_told_line_by_line_and_nobody_is_invited(client, community, data, sentences):
    answer = send_list(client, community, data)

    assert (answer.status_code, problems(answer)) == (200, sentences)
    assert "Es ist noch nichts gesendet" in answer.text
    assert "Einladungen senden" not in answer.text
    assert nobody_was_invited(community)


def test_of_10000_bad_lines_the_first_are_told(client, community):
    answer = send_list(client, community, b"E-Mail\n" + b"niemand\n" * 10_000)

    told = problems(answer)
    assert told[0] == "Zeile 2: „niemand“ ist keine E-Mail-Adresse."
    assert told[-1] == "Zeile 52: Ab hier wurde nicht mehr nachgesehen."
    assert len(told) == MOST_PROBLEMS + 1
    assert nobody_was_invited(community)


def test_an_empty_file_is_told_by_the_form(client, community):
    answer = send_list(client, community, b"")

    assert answer.context["form"].errors["file"] == ["Die übertragene Datei ist leer."]
    assert nobody_was_invited(community)


def test_a_list_beside_an_address_is_told(client, community):
    answer = send_list(client, community, b"E-Mail\na@kommune.example", email="b@kommune.example")

    assert "entweder eine E-Mail-Adresse oder eine Tabelle" in answer.text
    assert nobody_was_invited(community)


@pytest.mark.parametrize(
    "data",
    [
        b"Name;E-Mail\nJ\xc3\xb6rg M;joerg@kommune.example\n",
        b"\xef\xbb\xbfName,E-Mail\r\nJ\xc3\xb6rg M,joerg@kommune.example\r\n",
        b"E-Mail\tName\njoerg@kommune.example\tJ\xc3\xb6rg M\n",
        "Name;E-Mail\nJörg M;joerg@kommune.example".encode("cp1252"),
        "Name;E-Mail\nJörg M;joerg@kommune.example".encode("utf-16"),
    ],
    ids=["semicolon", "comma and byte order mark", "tab", "german excel", "utf-16"],
)
def test_a_good_list_is_shown_first_and_invites_when_it_is_confirmed(client, community, data):
    preview = send_list(client, community, data)
    assert "Jörg M, joerg@kommune.example, Mitglied" in preview.text
    assert nobody_was_invited(community)

    client.post(INVITE, {"list": preview.context["signed"]})

    invited = Membership.objects.get(state=MembershipState.INVITED)
    assert (invited.name, invited.email) == ("Jörg M", "joerg@kommune.example")
    assert [mail.to for mail in Email.objects.all()] == ["joerg@kommune.example"]


OUTLOOK = '\ufeff"Müller, Hans" <h.mueller@ulm.example>; Erika Muster <erika@gera.example>'


@pytest.mark.parametrize("as_file", [False, True])
def test_what_is_copied_out_of_outlook_is_shown_first_with_its_names(client, community, as_file):
    if as_file:
        preview = send_list(client, community, OUTLOOK.encode("cp1252", "ignore"))
    else:
        values = {"community": community.pk, "role": "gast", "people": OUTLOOK}
        preview = client.post(INVITE, values)
    role = "Mitglied" if as_file else "Gast"
    assert f"Hans Müller, h.mueller@ulm.example, {role}" in preview.text
    assert f"Erika Muster, erika@gera.example, {role}" in preview.text
    assert nobody_was_invited(community)

    client.post(INVITE, {"list": preview.context["signed"]})

    invited = Membership.objects.filter(state=MembershipState.INVITED)
    assert set(invited.values_list("name", "email")) == {
        ("Hans Müller", "h.mueller@ulm.example"),
        ("Erika Muster", "erika@gera.example"),
    }


def test_a_mistake_in_what_was_pasted_is_told_beside_it_and_nothing_is_lost(client, community):
    text = "Erika Muster <erika@gera.example>\nHans <hans@>"

    answer = client.post(INVITE, {"community": community.pk, "role": "gast", "people": text})

    assert answer.context["form"].errors["people"] == ["Zeile 2: „hans@“ ist keine E-Mail-Adresse."]
    assert "Hans &lt;hans@&gt;" in answer.text
    assert nobody_was_invited(community)


def test_a_confirmation_that_was_changed_on_the_way_invites_nobody(client, community):
    preview = send_list(client, community, b"E-Mail\na@kommune.example\n")
    signed = preview.context["signed"]

    answer = client.post(INVITE, {"list": signed[:-2] + "xx"}, follow=True)

    assert "Die Vorschau ist abgelaufen." in answer.text
    assert nobody_was_invited(community)
