"""What a used, old or wrong link of any app is called by its page."""

import re

import pytest

import communities.links
import consulting.links
import events.links
from ground.link_pages import dead
from ground.signed_links import STATUS, Outcome

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("outcome", sorted(STATUS, key=str))
@pytest.mark.parametrize("links", [consulting.links, events.links, communities.links])
def test_every_link_that_has_been_used_is_titled_so(rf, links, outcome):
    for purpose in links.Purpose:
        answer = dead(rf.get("/"), links.Opened(purpose, outcome)).content.decode()
        title = re.search(r"<title>\s*(.*?) – Modellprojekte Smart Cities</title>", answer)[1]
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", answer)[1]
        assert title == heading
        assert (title == "Schon erledigt") is (
            outcome is Outcome.USED and (purpose, outcome) not in links.Opened.headings
        )
