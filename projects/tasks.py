import logging

from celery import shared_task
from django.utils import timezone

from finding import search
from finding.search import missed
from projects import retention, revisions
from projects.actions import judging, owning, stating
from projects.table import uploads

logger = logging.getLogger(__name__)


@shared_task
def refresh_search() -> None:
    """Bring the search in step with a catalogue that is too large to do so while somebody waits."""
    search.refresh_if_behind()


@shared_task
def forget_missed_words() -> None:
    missed.forget(now=timezone.now())


@shared_task
def forget_uploaded_tables() -> None:
    """Delete the tables that were chosen to be taken in and have waited for a day."""
    uploads.forget_old(now=timezone.now())


@shared_task
def forget_old_revisions() -> None:
    """Delete the versions of sheets that are older than the history of the administration."""
    revisions.forget_old(now=timezone.now())


@shared_task
def pass_statements_on() -> None:
    """Give the office what the project or the municipality has said nothing to in time."""
    if passed := judging.pass_on(now=timezone.now()):
        logger.info("Passed %d statements of reuse on to the office.", passed)


@shared_task
def ask_whether_still_true() -> None:
    if asked := stating.ask_whether_still_true(now=timezone.now()):
        logger.info("Asked about %d statements of reuse whether they still hold.", asked)


@shared_task
def ask_owners() -> None:
    """Ask the owners of sheets whether they still hold, and remind those who have not answered."""
    now = timezone.now()
    asked, reminded = owning.ask(now=now), owning.remind(now=now)
    if asked or reminded:
        logger.info("Asked %d owners about their sheets, reminded %d.", asked, reminded)


@shared_task
def carry_out_retention() -> None:
    retention.carry_out(now=timezone.now())
