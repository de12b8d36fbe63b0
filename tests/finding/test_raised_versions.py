"""The version of the catalogue rises with every change of what pages kept under it show."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finding.models import CatalogueVersion
from finding.search import refresh
from projects import catalogue
from tests.shipped import load_network
from tests.test_constraints import OURS

pytestmark = pytest.mark.django_db

WATCHED_ROW_BY_ROW = {
    # Only times that hang on an event: tests/consulting/test_on_site.py.
    "consulting_slot",
    # Only that one advises (no more): test_changes_of_parts.py.
    "consulting_advisor",
}
# Of these nothing stands on a page that is kept under the version, or pages say so themselves.
UNWATCHED = {
    "accounts_networkuse", "accounts_tally", "accounts_user", "accounts_user_groups",
    "accounts_user_user_permissions",
    # What becomes public of it is a row of asking_publicanswer.
    "asking_question",
    "communities_digestitem", "communities_groupmessage", "communities_historyentry",
    "communities_membership", "communities_messagefile",
    "consulting_accessneeds", "consulting_advisor_themes",
    "consulting_appointment", "consulting_consultationrequest", "consulting_draft",
    "consulting_consultationrequest_recommended_projects",
    "consulting_consultationrequest_recommended_solutions",
    "consulting_consultationrequest_themes",
    "consulting_advisorfeed", "consulting_historyentry", "consulting_message", "consulting_note",
    "consulting_seriesbreak",
    "consulting_slotseries",
    "events_eventmessage", "events_invitation", "events_minutesdecision",
    "events_minutesfile", "events_minutesitem", "events_minutestask", "events_optout", "events_participantneeds",
    "events_personalfeed", "events_registration", "events_reminderrule", "events_seats",
    "events_sessionchoice", "events_eventanswer", "events_eventquestion",
    # Counted searches, the versions themselves, and tables that wait to be taken in.
    "finding_missedword", "finding_partchange", "finding_partversion", "projects_uploadedtable",
    "mailing_email",
    "projects_catalogueversion", "projects_loadedfacts", "projects_ownerask",
    "projects_projecteditor",
    # What becomes public of a statement is a row of projects_reuse; versions are for the office.
    "projects_reusestatement", "projects_revision",
    "projects_searchdocument", "projects_searchstate", "projects_searchword",
    "smartcities_barrierreport", "smartcities_regulartask",
    # Who has subscribed what, and what was told; pages with it are kept nowhere.
    "subscribing_edition", "subscribing_knownentry", "subscribing_listnews",
    "subscribing_subscriber", "subscribing_subscription", "subscribing_watchedlist",
}  # fmt: skip

MODELS = {
    model._meta.db_table: model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label in OURS
}


def is_raised_by(statement: str) -> bool:
    """Statement triggers ring for a statement, whether it finds a row or none."""
    before = CatalogueVersion.current()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return CatalogueVersion.current() > before


@pytest.mark.parametrize("table", sorted(set(MODELS) - WATCHED_ROW_BY_ROW))
def test_every_table_raises_the_version_or_is_said_not_to(table):
    columns = [
        field.column
        for field in MODELS[table]._meta.concrete_fields
        # Counted up with every registration, and on no page that is kept.
        if not field.generated and not field.primary_key and field.column != "taken"
    ]
    statements = [
        f"INSERT INTO {table} SELECT * FROM {table} WHERE false",
        f"DELETE FROM {table} WHERE false",
        *(f'UPDATE {table} SET "{one}" = "{one}" WHERE false' for one in columns),
    ]
    if any(field.generated for field in MODELS[table]._meta.concrete_fields):
        names = ", ".join(f'"{one}"' for one in columns)
        statements[0] = f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} WHERE false"
    silent = [one for one in statements if not is_raised_by(one)]

    assert silent == ([] if table not in UNWATCHED else statements)


def test_what_catalogue_and_search_are_made_of_is_watched():
    load_network()
    with CaptureQueriesContext(connection) as asked:
        catalogue.build(CatalogueVersion.current())
        refresh()
    read = {
        table
        for query in asked.captured_queries
        for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
    }
    own = {"projects_catalogueversion", "projects_searchdocument", "projects_searchstate",
        "projects_searchword"}  # fmt: skip

    assert len(read - own) > 10
    assert (read - own) & UNWATCHED == set()
    assert read - own <= set(MODELS)
