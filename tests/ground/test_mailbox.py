"""One mailbox is one, however its address is typed or pasted."""

import pytest
from allauth.account import app_settings
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.module_loading import import_string

from ground.mailbox import (
    AddressField,
    AddressFormField,
    Mailbox,
    MailboxKeyField,
    each_mailbox_once,
    mailbox_key,
    read,
)
from tests.every_form import APPS, forms_of_the_portal
from tests.factories import ConsultationRequestFactory
from tests.factories.asking import QuestionFactory
from tests.factories.events import RegistrationFactory
from tests.factories.mailing import EmailFactory
from tests.factories.projects import ReuseStatementFactory
from tests.factories.subscribing import SubscriberFactory


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("anna@example.org\u200b", "anna@example.org"),
        ("anna@exam\u00adple.org", "anna@example.org"),
        ("\ufeff\u202aanna@example.org\u202c\r\n", "anna@example.org"),
        ("an\u0002na@example.org\u2028", "anna@example.org"),
        ("ａｎｎａ@example.org", "anna@example.org"),
        ("Anna@EXAMPLE.org", "Anna@example.org"),
        ("anna@straße.de", "anna@xn--strae-oqa.de"),
        ("anna@STRASSE.de", "anna@strasse.de"),
        ("anna@xn--strae-oqa.de", "anna@xn--strae-oqa.de"),
        ("anna@mu\u0308ller.de", "anna@xn--mller-kva.de"),
        ("Müller, Anna <anna@example.org>", "anna@example.org"),
        ('"Müller, Anna" <anna@Example.org>;', "anna@example.org"),
        ("Anna Lang <anna@straße.de>", "anna@xn--strae-oqa.de"),
        ("<anna@example.org>", "anna@example.org"),
        ("anna@example.org <mailto:anna@example.org>", "anna@example.org"),
        ("mailto:anna@example.org", "anna@example.org"),
        ("MAILTO:anna@example.org?subject=Frage", "anna@example.org"),
        ("anna@example.org;", "anna@example.org"),
        ("anna@example.org. ", "anna@example.org"),
        ("anna@example.org,", "anna@example.org"),
    ],
)
def test_what_nobody_means_is_dropped_and_the_domain_is_what_servers_are_asked_for(typed, address):
    assert read(typed) == AddressFormField().clean(typed) == address
    assert mailbox_key(typed) == address.lower()


@pytest.mark.parametrize(
    "typed",
    [
        "anna",
        "an na@example.org",
        "ännä@example.org",
        '"anna"@example.org',
        "a@xn--abc.de",
        "a@-x.de",
        "anna@x.de; bert@x.de",
        "Anna <anna@x.de>, Bert <bert@x.de>",
        "anna@x.de <bert@x.de",
        "anna bei x.de <>",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed):
    with pytest.raises(ValidationError, match=r"wie name@gemeinde\.de"):
        AddressFormField().clean(typed)


def test_nothing_but_invisible_characters_is_an_empty_field():
    assert AddressFormField(required=False).clean("\u200b\u00ad ") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "Eva+smart@Stadt.de",
        "+x@stadt.de",
        "eva+a+b@straße.de",
        "e.v-a@stadt.de",
        "eva\u200b@stadt.de",
    ],
)
def test_the_database_knows_the_same_key(typed):
    email = EmailFactory(to=typed)
    rows = type(email).objects.annotate(mailbox=Mailbox("to"))

    assert rows.values_list("mailbox", flat=True).get() == mailbox_key(typed)


def test_who_stands_there_in_two_spellings_is_written_to_once():
    people = [
        (1, "Eva@kommune.example"),
        (2, "otto@kommune.example"),
        (3, "eva+portal@KOMMUNE.example"),
    ]

    assert each_mailbox_once(people) == people[:2]


@pytest.mark.django_db
def test_every_address_in_the_database_is_tidy_however_it_gets_there():
    fields = [
        field
        for model in apps.get_models()
        if model.__module__.split(".")[0] in APPS
        for field in model._meta.concrete_fields
        if isinstance(field, models.EmailField)
    ]
    assert len(fields) >= 10
    assert [str(field) for field in fields if not isinstance(field, AddressField)] == []
    for field in fields:
        assert isinstance(field.formfield(), AddressFormField)
        assert field.get_db_prep_save("eva\u00ad@straße.de", connection) == "eva@xn--strae-oqa.de"


def test_every_address_field_of_every_form_reads_alike():
    fields = {
        f"{form.__name__}.{name}": field
        for form in forms_of_the_portal()
        for name, field in getattr(form, "base_fields", {}).items()
        # Those of allauth are given theirs when they are made: see below.
        if isinstance(field, forms.EmailField) and form.__module__ != "accounts.forms"
    }
    assert len(fields) >= 8
    assert [name for name, field in fields.items() if not isinstance(field, AddressFormField)] == []


@pytest.mark.parametrize("name", ["login", "signup", "add_email", "reset_password"])
def test_so_do_the_forms_of_the_account(name, rf):
    form = import_string(app_settings.FORMS[name])
    made = form() if name != "login" else form(request=rf.get("/"))

    addresses = [field for field in made.fields.values() if isinstance(field, forms.EmailField)]

    assert [type(field) for field in addresses] == [AddressFormField]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "field"),
    [
        (ConsultationRequestFactory, "email_key"),
        (RegistrationFactory, "email_key"),
        (ReuseStatementFactory, "mailbox"),
        (QuestionFactory, "mailbox"),
        (SubscriberFactory, "mailbox"),
    ],
)
def test_the_key_follows_the_address_whenever_a_row_is_saved(factory, field):
    row = factory(email="eva+alt@stadt.example")
    assert isinstance(row._meta.get_field(field), MailboxKeyField)
    row.email = "uwe+neu@dorf.example"
    row.save()

    row.refresh_from_db()
    assert getattr(row, field) == "uwe@dorf.example"


def test_the_test_above_knows_every_key():
    keyed = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, MailboxKeyField)
    }

    assert keyed == {
        "asking.Question",
        "consulting.ConsultationRequest",
        "events.Registration",
        "projects.ReuseStatement",
        "subscribing.Subscriber",
    }
