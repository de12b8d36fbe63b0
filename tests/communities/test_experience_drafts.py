"""An author and a coordinator with the same draft of an experience."""

import pytest
from django.test import Client
from django.urls import reverse, reverse_lazy

from communities.models import CommunityState, Experience, ExperienceState
from communities.views.experiences import _own_draft
from tests.communities.answers import sent_back
from tests.factories import SolutionFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    ExperienceFactory,
    MembershipFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    author = UserFactory(name="Anna Autorin")
    community = MembershipFactory(user=author).community
    return ExperienceFactory(
        community=community,
        written_by=author,
        state=ExperienceState.DRAFT,
        title="Titel",
        what="Alt",
        context="Alt",
    )


@pytest.fixture
def coordinator(draft):
    client = Client()
    user = CoordinationFactory(community=draft.community, user=UserFactory(name="Karl")).user
    client.force_login(user)
    return client


def address(draft) -> str:
    return reverse("communities:edit_experience", args=[draft.pk])


def filled(client, draft, **changed):
    client.force_login(draft.written_by)
    page = client.get(address(draft))
    values = {one.name: one.value() or "" for one in page.context["form"]}
    return values | {"_seen": page.context["seen"]} | changed


def change(coordinator, draft, **changed):
    page = reverse("admin:communities_experience_change", args=[draft.pk])
    answer = coordinator.post(page, sent_back(coordinator, page, **changed))
    assert answer.status_code == 302


def texts(draft):
    return Experience.objects.values_list("what", "context").get(pk=draft.pk)


def test_what_the_coordinator_has_changed_stays_when_the_author_saves(client, coordinator, draft):
    sent = filled(client, draft, context="Von Anna")
    change(coordinator, draft, what="Von Karl")

    assert client.post(address(draft), sent).status_code == 302

    assert texts(draft) == ("Von Karl", "Von Anna")


@pytest.mark.parametrize(("choice", "result"), [("mine", "Von Anna"), ("theirs", "Von Karl")])
def test_what_both_have_changed_the_author_decides(client, coordinator, draft, choice, result):
    sent = filled(client, draft, what="Von Anna", context="Auch von Anna")
    change(coordinator, draft, what="Von Karl")

    answer = client.post(address(draft), sent)

    assert [(one.mine, one.theirs) for one in answer.context["differences"]] == [
        ("Von Anna", "Von Karl")
    ]
    assert "Geändert von Karl am" in answer.text
    assert texts(draft) == ("Von Karl", "Alt")
    sent |= {"_seen": answer.context["seen"], "_take-all": choice}
    assert client.post(address(draft), sent).status_code == 302
    assert texts(draft) == (result, "Auch von Anna")


def test_what_was_published_meanwhile_stays_published(client, draft):
    sent = filled(client, draft, what="Von Anna")
    Experience.objects.filter(pk=draft.pk).update(
        state=ExperienceState.PUBLIC, published_at=draft.created_at
    )

    answer = client.post(address(draft), sent)

    assert answer.status_code == 409
    assert "Ihr Text steht noch hier" in answer.text
    assert ">\nVon Anna</textarea>" in answer.text
    assert texts(draft) == ("Alt", "Alt")
    # Anyone else, and any other page, finds nothing there.
    client.force_login(UserFactory())
    assert client.post(address(draft), sent | {"_seen": "erfunden"}).status_code == 404
    assert Experience.objects.get(pk=draft.pk).state == ExperienceState.PUBLIC


def test_what_is_published_at_the_moment_of_deleting_stays_and_its_author_hears_so(
    client, draft, monkeypatch
):
    """The draft is published between the look at it and the deleting."""
    client.force_login(draft.written_by)

    def published_meanwhile(request, pk):
        found = _own_draft(request, pk)
        Experience.objects.filter(pk=pk).update(
            state=ExperienceState.PUBLIC, published_at=draft.created_at
        )
        return found

    monkeypatch.setattr("communities.views.experiences._own_draft", published_meanwhile)
    place = reverse("communities:delete_experience", args=[draft.pk])
    told = client.post(place, follow=True).text

    assert "Gelöscht ist nichts: Dieser Entwurf wurde inzwischen veröffentlicht." in told
    assert "Der Entwurf ist gelöscht." not in told
    assert Experience.objects.get().state == ExperienceState.PUBLIC
    # Without that it goes, and is said to be gone.
    Experience.objects.update(state=ExperienceState.DRAFT)
    monkeypatch.undo()
    assert "Der Entwurf ist gelöscht." in client.post(place, follow=True).text
    assert not Experience.objects.exists()


def test_the_text_of_a_draft_that_was_deleted_meanwhile_is_shown(client, draft):
    sent = filled(client, draft, what="Von Anna")
    place = address(draft)
    draft.delete()

    answer = client.post(place, sent)

    assert answer.status_code == 409
    assert ">\nVon Anna</textarea>" in answer.text
    assert not Experience.objects.exists()


def test_what_comes_without_its_page_is_shown_again_and_not_saved(client, draft):
    sent = filled(client, draft, what="Von Anna")
    del sent["_seen"]

    answer = client.post(address(draft), sent)

    assert "Diese Seite ist so alt" in answer.text
    assert ">\nVon Anna</textarea>" in answer.text
    assert texts(draft) == ("Alt", "Alt")


WRITE = reverse_lazy("communities:write_experience")


@pytest.mark.parametrize("was_in_a_group", [False, True])
def test_who_is_in_no_group_that_works_writes_no_experience(client, was_in_a_group):
    author = UserFactory()
    if was_in_a_group:
        MembershipFactory(user=author, community__state=CommunityState.ARCHIVED)
    client.force_login(author)

    assert client.get(WRITE).status_code == 404
    assert client.post(WRITE, {"title": "Titel"}).status_code == 404
    assert client.get(reverse("communities:own_experiences")).context["may_write"] is False
    assert not Experience.objects.exists()


def test_an_experience_is_written_for_a_group_of_ones_own(client, draft):
    foreign = CommunityFactory()
    client.force_login(draft.written_by)

    own_form, foreign_form = (
        client.get(WRITE, {"gruppe": group.slug}).context["form"]
        for group in (draft.community, foreign)
    )
    assert own_form.initial["community"] == draft.community
    assert foreign_form.initial["community"] is None

    answer = client.post(WRITE, filled(client, draft, community=foreign.pk))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["community"]
    assert Experience.objects.get() == draft


def test_what_an_experience_is_about_is_taken_from_the_address_only_where_it_is_public(client):
    client.force_login(MembershipFactory(user=UserFactory()).user)
    public, hidden = SolutionFactory(), SolutionFactory(project__is_public=False)

    def about(**named: str) -> tuple[object, object]:
        page = client.get(reverse("communities:write_experience"), named)
        return page.context["solution"], page.context["form"].initial["project"]

    assert about(loesung=public.slug, projekt=public.project.slug) == (public, public.project)
    assert about(loesung=hidden.slug, projekt=hidden.project.slug) == (None, None)
