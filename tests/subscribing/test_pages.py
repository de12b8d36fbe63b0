"""The whole way: from a list to its weekly e-mail and out again, with forms and links alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.guard import NetworkUse
from events.models import Event, EventState
from finding.versions import current
from mailing.message import compose
from mailing.models import Email
from smartcities import own_data
from subscribing import actions, retention, views
from subscribing.actions import GUARD, MOST
from subscribing.links import Purpose, address
from subscribing.lists import LISTS
from subscribing.mail import confirming, opening, weekly
from subscribing.models import Subscriber, Subscription, WatchedList
from tests.factories import ProjectFactory, SolutionFactory, UserFactory
from tests.factories.communities import CommunityFactory, ExperienceFactory, ResultFactory
from tests.factories.events import EventFactory, in_days
from tests.factories.subscribing import SubscriberFactory, SubscriptionFactory
from tests.pages import words

pytestmark = pytest.mark.django_db

FORM = "/abonnements/liste/loesungen/?art=sensorik&q=Pegel"
WEEK = timedelta(days=7)


@pytest.fixture
def net():
    ProjectFactory(name="Ulm")
    return SolutionFactory(name="Pegelnetz", kind="sensorik", problem="Pegel")


def typed(email: str) -> dict[str, str]:
    return {"email": email, "stamp": GUARD.stamp(now=timezone.now() - timedelta(seconds=9))}


def link_in(mail: Email, purpose: Purpose) -> str:
    (found,) = set(re.findall(rf"/abonnements/{purpose}/[^/\s]+/", mail.text))
    return found


def subscribe(client: Client, form: str = FORM, email: str = "eva@stadt.example") -> Email:
    answer = client.post(form, typed(email))
    assert answer.status_code == 302, answer.text
    assert "Bitte sehen Sie in Ihr Postfach" in words(client.get(answer["Location"]))
    return Email.objects.latest("pk")


def confirmed(client: Client, form: str = FORM, email: str = "eva@stadt.example") -> Subscription:
    client.post(link_in(subscribe(client, form, email), Purpose.CONFIRM))
    return Subscription.objects.confirmed().latest("pk")


def everything() -> dict[str, list]:
    models = [*apps.get_app_config("subscribing").get_models(), Email]
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def test_the_account_says_abonnieren_only_of_lists_over_which_it_stands(client, net):
    CommunityFactory()
    client.force_login(UserFactory())

    account = words(client.get(reverse("account")))

    assert "Über vielen Listen, zum Beispiel den Lösungen" in account
    assert "Abonnieren" in words(client.get("/loesungen/"))
    assert "Abonnieren" not in words(client.get("/gemeinschaften/"))


def test_from_the_list_to_the_weekly_mail_and_out_again(client, net):
    listed = client.get("/loesungen/?art=sensorik")
    (form,) = set(re.findall(r'href="(/abonnements/[^"]*)"', listed.text))
    assert "Diese Auswahl per E-Mail abonnieren" in words(listed)
    page = client.get(form)
    assert "Liste Lösungen Auswahl Art: Sensorik Zurzeit 1 Lösung" in words(page)
    assert 'href="/daten/loesungen.atom?art=sensorik"' in page.text

    asked = subscribe(client, form)
    assert (asked.to, asked.subject) == (
        "eva@stadt.example", "Bitte bestätigen Sie: Lösungen per E-Mail",
    )  # fmt: skip
    weekly.plan(now=timezone.now())
    link = link_in(asked, Purpose.CONFIRM)
    before = everything()
    for _time in range(10):
        assert "Art: Sensorik" in words(client.get(link))
        client.head(link)
    assert everything() == before

    done = client.post(link, follow=True)
    assert "Ihr Abonnement ist bestätigt. Ihre Abonnements" in words(done)
    assert "Lösungen: Sensorik seit" in words(done)
    again = client.post(link)
    assert (again.status_code, "Schon erledigt" in words(again)) == (200, True)

    SolutionFactory(name="Parken", kind="sensorik")
    assert weekly.plan(now=timezone.now() + WEEK) == 1
    mail = Email.objects.latest("pk")
    assert "Neu: Parken (Modellprojekt" in mail.text
    assert "Steht in: Lösungen: Sensorik" in mail.text
    headers = compose(mail).message()
    assert headers["List-Unsubscribe"] == f"<{mail.unsubscribe_url}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    before = everything()
    for purpose in (Purpose.SEE, Purpose.END):
        for _time in range(10):
            assert client.get(link_in(mail, purpose)).status_code == 200
            client.head(link_in(mail, purpose))
    assert everything() == before
    see = link_in(mail, Purpose.SEE)
    pk = Subscription.objects.get().pk
    assert f'name="beenden" value="{pk}"' in client.get(see).text
    # A number is no key to what belongs to another mailbox, and what was not confirmed is not shown.
    waiting = SubscriptionFactory(subscriber=Subscriber.objects.get(), confirmed_at=None)
    foreign = SubscriptionFactory()
    for typed_number in (str(foreign.pk), "9" * 30, "²", "-1", ""):
        told = client.post(see, {"beenden": typed_number}, follow=True)
        assert "Dieses Abonnement war schon beendet." in words(told)
    assert Subscription.objects.filter(pk=foreign.pk).exists()
    for purpose in (Purpose.SEE, Purpose.END):
        shown = client.get(link_in(mail, purpose)).context["subscriptions"]
        assert [one["subscription"].pk for one in shown] == [pk]
    waiting.delete()
    foreign.subscriber.delete()
    over = client.post(see, {"beenden": str(pk)}, follow=True)
    assert "Das Abonnement ist beendet." in words(over)
    assert "Alles ist beendet, Ihre Adresse ist gelöscht." in words(over)
    assert client.post(see, {"beenden": str(pk)}).status_code == 200
    assert not Subscriber.objects.exists()


def test_one_click_of_a_mail_program_ends_all_without_a_page_a_cookie_or_a_second_question(
    client, net
):
    confirmed(client)
    confirmed(client, "/abonnements/liste/projekte/")
    mailbox = Subscriber.objects.get()
    other = SubscriptionFactory()
    path = address(mailbox.pk, Purpose.END).removeprefix("http://testserver")
    assert "Lösungen: „Pegel“, Sensorik Modellprojekte" in words(client.get(path))
    SolutionFactory(name="Pegel 2", kind="sensorik")
    weekly.plan(now=timezone.now() + WEEK)
    stored = Email.objects.filter(key__startswith=weekly.prefix(mailbox.pk))
    assert stored.exists()

    program = Client(enforce_csrf_checks=True)
    for _time in range(2):
        answer = program.post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.content, dict(answer.cookies)) == (204, b"", {})

    assert list(Subscription.objects.all()) == [other]
    assert not stored.exists()  # what had not begun to be sent is taken back
    assert "Alles ist beendet" in words(client.get(path))
    wrong = program.post("/abonnements/beenden/falsch/", {"List-Unsubscribe": "One-Click"})
    assert wrong.status_code == 404


def test_two_spellings_are_one_mailbox_and_nobody_learns_what_it_has_subscribed(client, net):
    confirmed(client)
    confirmed(client, "/abonnements/liste/projekte/", "Eva+portal@Stadt.example")

    answer = client.post(FORM, typed("eva+x@STADT.example"))
    known = Email.objects.latest("pk")

    assert Subscriber.objects.get().email == "eva@stadt.example"
    assert Subscription.objects.count() == 2
    assert (known.to, known.subject) == ("eva@stadt.example", "Lösungen haben Sie schon abonniert")
    stranger = client.post(FORM, typed("otto@dorf.example"))
    assert (answer.status_code, answer["Location"]) == (stranger.status_code, stranger["Location"])


def test_a_form_for_what_a_mailbox_has_already_is_answered_once_an_hour():
    subscription, nine = SubscriptionFactory(), datetime(2026, 11, 16, 9, 10, tzinfo=UTC)

    for minutes in (0, 45, 60):
        confirming.tell_again(subscription, now=nine + timedelta(minutes=minutes))

    assert [mail.due_at for mail in Email.objects.order_by("due_at")] == [
        nine, nine + timedelta(hours=1),
    ]  # fmt: skip


def test_what_is_asked_for_once_more_waits_as_long_as_its_newest_link(net):
    wish = actions.Wish(list=LISTS["loesungen"].asked("", current(), timezone.now()))
    monday = datetime(2026, 11, 16, 9, tzinfo=UTC)
    for days in (0, 1.5):
        asked = actions.subscribe(wish, "eva@stadt.example", now=monday + timedelta(days=days))

    retention.carry_out(now=monday + timedelta(days=3))
    assert actions.confirm(asked, now=monday + timedelta(days=3)) == asked


def test_what_was_typed_is_not_sent_to_an_address_that_nobody_has_proved(client, net):
    mail = subscribe(client, "/abonnements/liste/loesungen/?q=Kauft+Pillen")

    assert "Pillen" not in mail.text + mail.html + mail.subject
    assert "„Kauft Pillen“" in words(client.get(link_in(mail, Purpose.CONFIRM)))


def test_filters_are_named_in_words_and_once_it_is_confirmed_the_mail_says_when_the_first_comes(
    client, net, monkeypatch
):
    asked = subscribe(client)
    assert (
        "abonniert, mit dieser Auswahl:\n\n- Suchwörter: sie stehen auf der Seite, auf der Sie bestätigen"
        in asked.text
    )
    assert "\n- Art: Sensorik\n\nGibt es darin Neues" in asked.text
    everything = subscribe(client, "/abonnements/liste/projekte/")
    assert "„Modellprojekte“ abonniert. Gibt es darin Neues, kommt montags" in everything.text

    moment = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
    stored = Subscription.objects.get(list__name="loesungen")
    Subscription.objects.filter(pk=stored.pk).update(asked_at=moment - timedelta(hours=1))
    actions.confirm(stored, now=moment)
    with pytest.raises(actions.Overtaken):
        actions.confirm(stored, now=moment)

    mail = Email.objects.get(key=f"subscription:{stored.pk}:confirmed")
    assert (mail.to, mail.subject) == ("eva@stadt.example", "Bestätigt: Lösungen per E-Mail")
    assert "- Suche: „Pegel“\n- Art: Sensorik\n" in mail.text
    assert "zum ersten Mal am Montag, 30. November 2026." in mail.text
    assert "Abonnement ist beendet" in words(
        client.post(link_in(mail, Purpose.SEE), {"beenden": str(stored.pk)}, follow=True)
    )
    # Not yet begun to be sent, it says what is not true any more.
    assert not Email.objects.filter(pk=mail.pk).exists()


def test_a_spelling_that_was_never_proved_gives_way(client, net):
    subscribe(client, email="eva+verschrieben@stadt.example")
    mail = subscribe(client, email="eva@stadt.example")

    assert mail.to == "eva@stadt.example"
    assert Subscription.objects.count() == 1


def test_order_page_and_home_are_no_part_of_what_is_subscribed(client, net):
    for query in ("?art=sensorik", "?seite=3&sortierung=reife&art=sensorik&kommune=08421000"):
        subscribe(client, f"/abonnements/liste/loesungen/{query}")
    subscribe(client, "/abonnements/liste/veranstaltungen/?ansicht=monate")

    assert [str(one) for one in WatchedList.objects.all()] == [
        "Lösungen art=sensorik", "Veranstaltungen",
    ]  # fmt: skip
    assert client.get("/abonnements/liste/kommunen/").status_code == 404


def test_every_list_offers_it_also_where_it_finds_nothing(client, net):
    ResultFactory()
    ExperienceFactory()
    EventFactory()
    for path, name in {
        "/projekte/": "projekte",
        "/loesungen/": "loesungen",
        "/veranstaltungen/": "veranstaltungen",
        "/gemeinschaften/ergebnisse/": "ergebnisse",
        "/gemeinschaften/erfahrungen/": "erfahrungen",
        "/nachnutzung/": "nachnutzungen",
    }.items():
        for query in ("", "?q=gibtesnicht"):
            answer = client.get(f"{path}{query}")
            links = set(re.findall(r'href="(/abonnements/[^"]*)"', answer.text))
            assert links == {f"/abonnements/liste/{name}/{query}"}
            assert client.get(links.pop()).status_code == 200


def test_programs_and_too_many_are_turned_away(client, net, monkeypatch):
    quick = client.post(
        FORM, {"email": "eva@stadt.example", "stamp": GUARD.stamp(now=timezone.now())}
    )
    wrong = client.post(FORM, typed("eva"))
    for _time in range(10):
        subscribe(client)
    # From another network: the mailbox has its own limit.
    NetworkUse.objects.all().delete()
    tenth = client.post(FORM, typed("eva+x@stadt.example"))

    assert "Das ging sehr schnell" in words(quick)
    assert "Bitte geben Sie eine E-Mail-Adresse wie name@gemeinde.de an." in words(wrong)
    assert "wurde heute schon vieles abonniert" in words(tenth)
    monkeypatch.setattr(views, "LONGEST_QUERY", 5)
    too_long = client.get(FORM)
    assert (too_long.status_code, "zu lang, um sie zu abonnieren" in words(too_long)) == (400, True)
    assert Subscription.objects.count() == 1


def test_more_than_fifty_are_refused_with_the_way_out(client, net):
    mail = subscribe(client)
    mailbox = Subscriber.objects.get()
    SubscriptionFactory.create_batch(MOST, subscriber=mailbox)

    answer = client.post(link_in(mail, Purpose.CONFIRM))

    assert "Sie haben schon 50 Listen abonniert." in words(answer)
    assert mailbox.subscriptions.confirmed().count() == MOST


def test_told_once_that_registration_opens_and_then_forgotten(client):
    event = EventFactory(
        title="Kongress", slug="kongress", takes_registrations=True,
        registration_opens_at=in_days(3),
    )  # fmt: skip
    form = "/abonnements/anmeldung/kongress/"
    assert form in client.get(event.get_absolute_url()).text
    confirmed(client, form)
    subscribe(client, form, "nie@bestaetigt.example")
    Email.objects.all().delete()

    assert opening.tell(now=timezone.now()) == 0
    # What will not take place, or has closed meanwhile, is not open.
    for states in (
        {"cancelled_at": timezone.now(), "state": EventState.CANCELLED},
        {"registration_closes_at": in_days(3) + timedelta(hours=1)},
    ):
        before = Event.objects.values(*states).get()
        Event.objects.update(**states)
        assert opening.tell(now=timezone.now() + timedelta(days=4)) == 0
        Event.objects.update(**before)
    assert opening.tell(now=timezone.now() + timedelta(days=4)) == 1
    assert opening.tell(now=timezone.now() + timedelta(days=4)) == 0
    mail = Email.objects.get()
    assert (mail.to, mail.subject) == ("eva@stadt.example", "Die Anmeldung ist offen: Kongress")
    # A mail server that was away for long has nothing to say of an event that has begun.
    assert mail.expires_at == event.starts_at
    assert "/veranstaltungen/kongress/" in mail.text
    assert [one.mailbox for one in Subscriber.objects.all()] == ["nie@bestaetigt.example"]

    Event.objects.filter(pk=event.pk).update(registration_opens_at=None)
    answer = client.get(form)
    assert (answer.status_code, "schon anmelden" in words(answer)) == (410, True)
    assert form not in client.get(event.get_absolute_url()).text
    retention.carry_out(now=timezone.now() + timedelta(days=40))
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, 200),
        ({"takes_registrations": False}, 200),
        ({"takes_registrations": False, "registration_url": "https://messe.example/"}, 410),
        ({"state": EventState.CANCELLED, "cancelled_at": datetime(2026, 3, 2, tzinfo=UTC)}, 410),
        ({"state": EventState.DRAFT}, 404),
    ],
)
def test_awaited_is_only_what_may_yet_open(client, values, status):
    awaited = {"takes_registrations": True, "registration_opens_at": in_days(3)}
    event = EventFactory(**awaited | values)

    assert client.get(f"/abonnements/anmeldung/{event.slug}/").status_code == status


def test_whose_address_it_is_sees_and_erases_all_of_it(client, net):
    confirmed(client)
    weekly.plan(now=timezone.now())
    SolutionFactory(name="Pegel 2", kind="sensorik")
    weekly.plan(now=timezone.now() + WEEK)
    other = SubscriptionFactory()
    person = own_data.Person.of_address("Eva+y@stadt.example")

    told = {one.model: one.rows for one in own_data.parts(person)}
    assert told["subscribing.Subscriber"][0]["E-Mail-Adresse"] == "eva@stadt.example"
    assert len(told["subscribing.Subscription"]) == 1
    [of] = told["subscribing.WatchedList"]
    assert of.keys() == {"id", "Liste", "Auswahl", "abonniert seit"}
    assert (of["Liste"], of["Auswahl"]) == ("Lösungen", "q=Pegel&art=sensorik")
    own_data.erase(person, now=timezone.now())

    assert list(Subscription.objects.all()) == [other]
    assert not Email.objects.filter(to="eva@stadt.example").exists()


def test_confirmed_while_all_is_ended_it_is_too_late(net):
    mailbox = SubscriberFactory()
    waiting = SubscriptionFactory(subscriber=mailbox, confirmed_at=None)
    actions.end_all(mailbox.pk)

    with pytest.raises(actions.Overtaken):
        actions.confirm(waiting, now=timezone.now())
    assert actions.end(mailbox.pk, [waiting.pk]) == actions.end_all(mailbox.pk) == 0


def test_the_office_sees_which_lists_are_wanted_and_no_address(client, net):
    confirmed(client)
    subscribe(client, "/abonnements/liste/projekte/", "nie@bestaetigt.example")
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    listed = client.get("/verwaltung/subscribing/watchedlist/")
    one = WatchedList.objects.get(name="loesungen")
    page = client.get(f"/verwaltung/subscribing/watchedlist/{one.pk}/change/")

    assert "Lösungen: „Pegel“, Sensorik" in listed.text
    assert re.findall(r'class="field-subscribers">(\d+)<', listed.text) == ["1", "0"]
    assert "Suche: „Pegel“, Art: Sensorik" in page.text
    for answer in (listed, page):
        assert "stadt.example" not in answer.text
        assert "bestaetigt.example" not in answer.text
