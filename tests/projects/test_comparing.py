"""Side by side, and marked: all of it in the address."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from projects.models import Cost, Lesson, Reuse, Solution
from tests.factories import ProjectFactory, SolutionFactory
from tests.factories.communities import ExperienceFactory

pytestmark = pytest.mark.django_db
PAGE = "https://example.org/bericht"


def table(answer):
    """The rows by their headings, each as its cells; and which of them are marked as different."""
    rows, marked = {}, set()
    for row in re.findall("<tr.*?</tr>", answer.text, re.DOTALL):
        head, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        name = plain(head).removesuffix(" ≠ (unterschiedlich)")
        rows[name] = [plain(cell) for cell in cells]
        if "≠" in head:
            marked.add(name)
    return rows, marked


def plain(html):
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def solutions():
    for slug, maturity, licence in (("eins", "betrieb", "MIT"), ("zwei", "pilot", "MIT")):
        solution = SolutionFactory(
            name=slug.title(), slug=slug, maturity=maturity, licence=licence, open_source="ja"
        )
        Cost.objects.create(
            solution=solution, purpose="Betrieb", amount=500, period="je-jahr", source=PAGE
        )
        Lesson.objects.create(solution=solution, kind="stolperfalle", text="Spät.", source=PAGE)
    return "/vergleich/?loesung=eins&loesung=zwei"


def test_two_solutions_stand_side_by_side_with_their_differences_in_words(client):
    address = solutions()
    answer = client.get(address)
    rows, marked = table(answer)

    assert rows["Angabe"] == ["Eins entfernen : Eins", "Zwei entfernen : Zwei"]
    assert rows["Reife"] == ["in Betrieb", "Pilot oder Test"]
    assert rows["Lizenz"] == ["MIT", "MIT"]
    assert rows["Kosten"] == ["bis 10.000 Euro 500 Euro je Jahr: Betrieb"] * 2
    assert rows["Was man vermeiden sollte"] == ["Spät.", "Spät."]
    assert "Reife" in marked
    assert "Lizenz" not in marked
    assert answer.text.count('scope="col"') == 3
    assert answer.text.count('scope="row"') == len(rows) - 1
    assert "Von keiner bekannt:" in answer.text


def test_doubt_stands_beside_and_drafts_of_experiences_do_not(client):
    address = solutions()
    one = Solution.objects.get(slug="eins")
    one.unsure, one.note = ["licence"], "Nur ein Vortrag nennt sie."
    one.save()
    ExperienceFactory(solution=one, title="Geheimes", kind="stolperfalle", state="entwurf")
    ExperienceFactory(solution=one, title="Offenes", kind="stolperfalle", state="oeffentlich")
    rows, _ = table(client.get(address))

    assert rows["Lizenz"][0] == "MIT (zu prüfen)"
    assert rows["Was man vermeiden sollte"][0] == "Spät. Offenes"


def test_projects_are_compared_as_well(client):
    for slug, year in (("ulm", 2019), ("jena", 2020)):
        ProjectFactory(name=slug.title(), slug=slug, call_year=year, population=6_000)
    rows, marked = table(client.get("/vergleich/?projekt=ulm&projekt=jena"))

    assert rows["Staffel"] == ["2019", "2020"]
    assert rows["Einwohner"] == ["6.000", "6.000"]
    assert marked == {"Staffel"}


def test_the_number_of_a_contact_calls_and_its_name_leads_to_the_website(client):
    site_only = {"contact_email": "", "contact_url": "", "website": "https://ulm.example/"}
    one = {"contact_name": "Rosa Rat", "contact_phone": "0731 / 161-0"}
    ProjectFactory(slug="ulm", **site_only | one)
    ProjectFactory(slug="jena", **site_only | {"contact_name": "", "contact_phone": "Zentrale"})
    ProjectFactory(slug="trier", **site_only | one | {"contact_name": "", "website": ""})
    answer = client.get("/vergleich/?projekt=ulm&projekt=jena&projekt=trier")
    call = '<a class="kern-link" href="tel:07311610">0731 / 161-0</a>'
    site = '<a class="kern-link" href="https://ulm.example/">'

    assert f"<td>{site}Rosa Rat</a><br>{call}</td>" in answer.text
    assert f"<td>{site}https://ulm.example/</a><br>Zentrale</td>" in answer.text
    assert f"<td>{call}</td>" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?loesung=",
        "?loesung=eins",
        "?loesung=eins&loesung=eins",
        "?loesung=gibtesnicht&projekt=%00",
        "?loesung=geheim",
        "?loesung=<script>alert(1)</script>",
        "?" + "&".join(f"loesung=s{n}" for n in range(500)),
    ],
)
@pytest.mark.parametrize("path", ["/vergleich/", "/merkliste/"])
def test_whatever_the_address_names_the_page_stays_calm(client, path, query):
    solutions()
    SolutionFactory(name="Geheimes", slug="geheim", project__is_public=False)
    answer = client.get(path + query)

    assert answer.status_code == 200
    assert "Geheimes" not in answer.text
    assert "<script>alert" not in answer.text
    assert "<table" not in answer.text


def test_more_than_four_do_not_stand_side_by_side(client):
    for number in range(6):
        SolutionFactory(slug=f"s{number}")
    answer = client.get("/vergleich/?" + "&".join(f"loesung=s{n}" for n in range(6)))

    assert len(table(answer)[0]["Angabe"]) == 4
    assert "Mehr als 4 passen nicht nebeneinander." in answer.text


def test_comparing_four_costs_the_queries_of_two(client, django_assert_num_queries):
    for number in range(4):
        solution = SolutionFactory(slug=f"s{number}")
        for i in range(12):
            of_it = {"solution": solution, "source": PAGE}
            Lesson.objects.create(kind="stolperfalle", text=f"Satz {i}", **of_it)
            Reuse.objects.create(name=f"Ort {i}", **of_it)
    client.get("/loesungen/")
    for count in (2, 4):
        with django_assert_num_queries(5):
            client.get("/vergleich/?" + "&".join(f"loesung=s{n}" for n in range(count)))


def test_the_list_of_marks_is_its_address(client, django_assert_num_queries):
    solutions()
    ProjectFactory(name="Ulm", slug="ulm")
    client.get("/loesungen/")
    with django_assert_num_queries(1):
        answer = client.get("/merkliste/?loesung=eins&projekt=ulm&loesung=zwei&loesung=weg")
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', answer.text)]

    assert "/merkliste/?loesung=zwei&projekt=ulm" in links
    assert "Die Adresse nennt auch etwas, das es hier nicht oder nicht mehr gibt." in answer.text
    mail = next(link for link in links if link.startswith("mailto:"))
    assert unquote(mail) == (
        "mailto:?subject=Meine Merkliste&body="
        "http://testserver/merkliste/?loesung=eins&loesung=zwei&projekt=ulm"
    )
    assert "Set-Cookie" not in answer
    assert not answer.cookies


def test_without_scripts_the_ticked_cards_of_a_list_make_the_address(client):
    solutions()
    text = client.get("/loesungen/").text

    assert 'name="loesung" value="eins" form="auswahl-vergleich"' in text
    assert 'id="auswahl-vergleich" action="/vergleich/"' in text
    assert 'formaction="/merkliste/"' in text
    assert "auswahl-vergleich" not in client.get("/gemeinschaften/erfahrungen/").text
