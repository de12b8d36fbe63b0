import math
from types import SimpleNamespace

import pytest

from finding import map as germany
from ground.land import Land


def place(latitude, longitude):
    return SimpleNamespace(latitude=latitude, longitude=longitude)


ULM = place(48.4011, 9.9876)
BERLIN = place(52.52, 13.405)
COLOGNE = place(50.9375, 6.9603)
NOWHERE = place(None, None)


@pytest.mark.parametrize(
    ("land", "latitude", "longitude"),
    [
        (Land.BE, 52.52, 13.405),
        (Land.BW, 48.78, 9.18),
        (Land.SH, 54.32, 10.13),
        (Land.SN, 51.05, 13.74),
        (Land.SL, 49.23, 7.0),
    ],
)
def test_a_capital_lies_within_the_box_of_its_land(land, latitude, longitude):
    x, y = germany.position(latitude, longitude)
    left, top, right, bottom = germany.outlines()[land].box

    assert left < x < right
    assert top < y < bottom


def test_all_sixteen_laender_are_drawn_and_stay_small():
    outlines = germany.outlines()

    assert set(outlines) == set(Land)
    assert all(outline.path.startswith("M") for outline in outlines.values())
    assert sum(len(outline.path) for outline in outlines.values()) < 20_000


def test_laender_within_others_are_drawn_last_so_that_they_can_be_clicked():
    assert list(germany.outlines())[-3:] == [Land.BE, Land.HB, Land.HH]


def test_the_number_of_a_land_stands_inside_the_map():
    for outline in germany.outlines().values():
        x, y = outline.label
        assert 0 < x < germany.WIDTH
        assert 0 < y < germany.HEIGHT


def test_distances_are_those_of_an_atlas():
    assert germany.kilometres(BERLIN, COLOGNE) == pytest.approx(477, abs=3)


def test_the_nearest_come_first_and_a_place_without_coordinates_is_nowhere():
    found = germany.nearest([BERLIN, NOWHERE, COLOGNE, ULM], ULM, 5)

    assert [place for _, place in found] == [COLOGNE, BERLIN]
    assert germany.nearest([BERLIN, COLOGNE], NOWHERE, 5) == []


def test_points_that_hide_each_other_are_moved_apart_and_others_stay():
    alone = (400.0, 400.0)
    placed = germany.spread([(100.0, 100.0)] * 12 + [None, alone])

    crowd = placed[:12]
    assert placed[12:] == [None, alone]
    assert all(
        math.dist(a, b) >= 2 * germany.POINT_RADIUS
        for number, a in enumerate(crowd)
        for b in crowd[:number]
    )
    assert all(math.dist(point, (100, 100)) <= 6 * germany.POINT_RADIUS + 3 for point in crowd)


def test_a_hopeless_crowd_keeps_all_its_points():
    placed = germany.spread([(100.0, 100.0)] * 1000)

    assert len(placed) == 1000
    assert None not in placed


def test_the_window_shows_all_points_and_the_laender_that_it_touches():
    ulm, berlin = germany.position(48.4, 9.99), germany.position(52.52, 13.4)
    window = germany.window_around([ulm, berlin])

    for x, y in (ulm, berlin):
        assert window.left < x < window.left + window.width
        assert window.top < y < window.top + window.height
    assert window.shows(germany.outlines()[Land.TH].box)
    assert not germany.window_around([ulm]).shows(germany.outlines()[Land.MV].box)
