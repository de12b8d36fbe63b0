from datetime import date

import pytest

from projects.funding import Funding, FundingKind, funding_of
from tests.factories import MunicipalityFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def test_who_takes_part_itself_is_led_elsewhere():
    municipality = MunicipalityFactory()
    project = ProjectFactory(municipalities=[municipality, MunicipalityFactory()])

    funding = funding_of(municipality)

    assert funding == Funding(FundingKind.OWN, (project,))
    assert funding.may_request is False


@pytest.mark.parametrize(
    ("above", "trait"), [("kreis", "kreis_level"), ("verband", "verband_level")]
)
def test_who_lies_inside_a_funded_area_is_told_and_may_go_on(above, trait):
    area = MunicipalityFactory(**{trait: True})
    project = ProjectFactory(municipalities=[area])

    funding = funding_of(MunicipalityFactory(**{above: area}))

    assert funding == Funding(FundingKind.AREA, (project,))
    assert funding.may_request is True


def test_its_own_project_counts_before_that_of_the_kreis():
    kreis = MunicipalityFactory(kreis_level=True)
    municipality = MunicipalityFactory(kreis=kreis)
    own = ProjectFactory(municipalities=[municipality])
    ProjectFactory(municipalities=[kreis])

    assert funding_of(municipality) == Funding(FundingKind.OWN, (own,))


def test_the_successor_of_a_kommune_that_took_part_takes_part_once():
    new = MunicipalityFactory()
    old = MunicipalityFactory(ended_on=date(2026, 3, 31), successor=new)
    both = ProjectFactory(municipalities=[old, new])
    before = ProjectFactory(municipalities=[old])
    hidden = ProjectFactory(municipalities=[old], is_public=False)

    funding = funding_of(new)

    assert funding.kind is FundingKind.OWN
    assert sorted(funding.projects, key=lambda one: one.pk) == [both, before]
    assert hidden not in funding.projects
    assert funding_of(old).kind is FundingKind.OWN


def test_a_kreis_is_not_funded_by_the_project_of_one_of_its_gemeinden():
    kreis = MunicipalityFactory(kreis_level=True)
    ProjectFactory(municipalities=[MunicipalityFactory(kreis=kreis)])

    funding = funding_of(kreis)

    assert funding == Funding(FundingKind.NONE)
    assert funding.may_request is True


def test_a_project_that_is_not_public_does_not_count():
    municipality = MunicipalityFactory()
    ProjectFactory(municipalities=[municipality], is_public=False)

    assert funding_of(municipality) == Funding(FundingKind.NONE)


def test_an_area_in_one_project_with_both_kreis_and_verband_names_it_once():
    kreis, verband = MunicipalityFactory(kreis_level=True), MunicipalityFactory(verband_level=True)
    project = ProjectFactory(municipalities=[kreis, verband])

    funding = funding_of(MunicipalityFactory(kreis=kreis, verband=verband))

    assert funding == Funding(FundingKind.AREA, (project,))
