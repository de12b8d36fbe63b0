"""What a form of the administration refuses is announced, as on the pages of the portal: in the title,
and in a list that has the focus and leads to each field."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from communities.models import GroupMessage, MailWish, Membership, MessageState
from tests.communities import surfaces
from tests.communities.surfaces import Surface
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


def own_pages(mine) -> list[Surface]:
    """Every page of the administration beside Django's own, of a row or of none."""
    ordinary = {
        f"{model._meta.label} {what}"
        for model, _admin in surfaces.admins()
        for what in (*surfaces.ORDINARY, "section", "list", "popup change", "view on site")
    } | {"start page"}
    found = [*surfaces.pages(mine), *surfaces.rows(mine)]
    return [one for one in found if not one.is_variant and one.label not in ordinary]


def faults(html: str) -> list[str]:
    """What is missing on a page that has refused something."""
    found = re.search(r'<div class="office-refused".*?</div>', html, re.DOTALL)
    if found is None:
        return ["no summary"]
    summary = found[0]
    rest = html.replace(summary, "")
    said = re.findall(r"<li>(.*?)</li>", "".join(re.findall(r'<ul class="errorlist.*?</ul>', rest)))
    anchors = re.findall(r'href="#([^"]*)"', summary)
    return [
        *([] if re.search(r"<title>\s*Fehler: ", html) else ["title"]),
        *([] if 'role="alert" tabindex="-1" autofocus' in summary else ["focus"]),
        *(["two with the focus"] if html.count("autofocus") != 1 else []),
        *(f"not in the summary: {one}" for one in said if one not in summary),
        *(f"leads nowhere: {one}" for one in anchors if f'id="{one}"' not in rest),
    ]


def test_every_page_that_refuses_a_form_says_so_first(client, mine):
    refused, wrong, told = set(), {}, ""
    for surface in own_pages(mine):
        with transaction.atomic():
            answer = client.post(surface.url, {"csrfmiddlewaretoken": "as from a browser"})
            transaction.set_rollback(True)
        if answer.status_code != 200 or answer.streaming or "html" not in answer["Content-Type"]:
            continue
        html = answer.text
        if 'class="errorlist' in html or 'class="office-refused"' in html:
            refused.add(surface.label)
            told += html
            if found := faults(html):
                wrong[surface.label] = found

    assert wrong == {}
    assert "zwingend erforderlich" not in told
    assert refused >= {
        "asking_question_step gemeinschaft",
        "events_event_step absagen",
        "events_event_message",
        "events_event_invitation",
        "communities_groupmessage_step senden",
        "communities_invite",
        "consulting_consultationrequest_phone",
        "consulting_consultationrequest_note",
        "projects_solution_table",
        "projects_solution_publiccode",
    }


def test_what_an_action_refuses_is_announced_like_what_a_field_refuses(client, mine):
    draft = mine.of(GroupMessage, state=MessageState.DRAFT)
    Membership.objects.filter(community=draft.community).update(mail_wish=MailWish.NONE)
    page = reverse("admin:communities_groupmessage_step", args=[draft.pk, "senden"])
    seen = client.get(page).context["form"].initial["seen"]

    html = client.post(page, {"seen": seen}).text

    assert faults(html) == []
    assert html.count("Zurzeit bekommt diese Rundmail niemand.") == 1


def test_no_form_to_add_something_says_in_words_of_django_what_is_missing(client):
    said = set()
    for model, _admin in surfaces.admins():
        opts = model._meta
        page = reverse(f"admin:{opts.app_label}_{opts.model_name}_add")
        answer = client.post(page, {"csrfmiddlewaretoken": "as from a browser"})
        if "adminform" in (answer.context or {}):
            errors = answer.context["adminform"].form.errors
            said.update(one for found in errors.values() for one in found)

    assert said >= {"Bitte füllen Sie dieses Feld aus.", "Bitte wählen Sie etwas aus."}
    assert [one for one in said if "erforderlich" in one] == []
