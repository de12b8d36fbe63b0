"""The map of Germany: outlines of the Länder, and where on it a place lies.

The outlines come from the npm package @svg-maps/germany (CC-BY-4.0, MapSVG), thinned out here so that
the map fits into the page itself: no tiles, no other host, no script.
"""

import heapq
import json
import math
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple, Protocol, TypeVar

from django.conf import settings
from django.utils.safestring import SafeString

from ground.land import Land

WIDTH, HEIGHT = 586, 793
POINT_RADIUS = 7.5
# Thinned outlines stay within this distance of the true ones, in units of the map.
_TOLERANCE = 1.0
_SOURCE = settings.BASE_DIR / "node_modules" / "@svg-maps" / "germany" / "index.js"
_TOKEN = re.compile(r"[mz]|-?[\d.]+,-?[\d.]+")
# Where the middle of the outline lies in another Land, or beside the Land.
_LABEL_SHIFTS = {Land.BB: (32, 42), Land.NI: (8, 12), Land.SH: (-8, 0), Land.RP: (-6, 0)}

Point = tuple[float, float]


class Located(Protocol):
    latitude: float | None
    longitude: float | None


Place = TypeVar("Place", bound=Located)


class Outline(NamedTuple):
    path: SafeString  # in halves of a unit, to be drawn with scale(.5)
    label: tuple[int, int]
    box: tuple[float, float, float, float]


class Window(NamedTuple):
    """A part of the map, as an SVG's viewBox wants it."""

    left: float
    top: float
    width: float
    height: float

    def __str__(self) -> str:
        return " ".join(f"{number:.0f}" for number in self)

    def shows(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        return (
            right >= self.left
            and left <= self.left + self.width
            and bottom >= self.top
            and top <= self.top + self.height
        )


def position(latitude: float, longitude: float) -> Point:
    """Where on the map a place in Germany lies; the map is a spherical Mercator projection."""
    mercator = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))
    return 63.757327 * longitude - 373.769893, 4210.925940 - 63.572264 * mercator


def kilometres(a: Located, b: Located) -> float:
    """Great-circle distance of two places that both have coordinates."""
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    longitudes = math.radians(b.longitude - a.longitude)
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(longitudes / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(half))


def nearest(places: Iterable[Place], here: Located, limit: int) -> list[tuple[float, Place]]:
    """The places closest to this one with their distance in km, `here` itself left out."""
    if here.latitude is None:
        return []
    distances = (
        (kilometres(here, place), number, place)
        for number, place in enumerate(places)
        if place.latitude is not None and place is not here
    )
    return [(distance, place) for distance, _, place in heapq.nsmallest(limit, distances)]


def window_around(points: Sequence[Point]) -> Window:
    """The part of the map that shows all these points with room around them."""
    margin, smallest = 45, 190
    left, right = min(x for x, _ in points) - margin, max(x for x, _ in points) + margin
    top, bottom = min(y for _, y in points) - margin, max(y for _, y in points) + margin
    width, height = max(right - left, smallest), max(bottom - top, smallest)
    return Window((left + right - width) / 2, (top + bottom - height) / 2, width, height)


def spread(points: Sequence[Point | None]) -> list[Point | None]:
    """The same points, moved apart as far as needed that none hides another.

    A point moves by three diameters at most: in a crowd beyond that, points overlap again.
    """
    distance = 2 * POINT_RADIUS + 0.5
    taken: dict[tuple[int, int], list[Point]] = {}
    crowded: set[tuple[int, int]] = set()

    def cell(x: float, y: float) -> tuple[int, int]:
        return int(x // distance), int(y // distance)

    def is_free(x: float, y: float) -> bool:
        column, row = cell(x, y)
        return all(
            math.dist((x, y), other) >= distance
            for near_column in (column - 1, column, column + 1)
            for near_row in (row - 1, row, row + 1)
            for other in taken.get((near_column, near_row), ())
        )

    placed: list[Point | None] = []
    for point in points:
        if point is None:
            placed.append(None)
            continue
        home = cell(*point)
        if home not in crowded:
            candidates = ((point[0] + dx, point[1] + dy) for dx, dy in _steps_away(distance))
            found = next((place for place in candidates if is_free(*place)), None)
            if found is None:
                crowded.add(home)
            else:
                point = found
                taken.setdefault(cell(*point), []).append(point)
        placed.append(point)
    return placed


@cache
def _steps_away(distance: float) -> tuple[Point, ...]:
    """No step, then ever wider rings."""
    rings = [(0.0, 0.0)]
    for ring in range(1, 7):
        radius, places = ring * distance / 2, 8 * ring
        rings += [
            (radius * math.cos(angle), radius * math.sin(angle))
            for angle in (2 * math.pi * number / places for number in range(places))
        ]
    return tuple(rings)


@cache
def outlines() -> dict[Land, Outline]:
    """The 16 Länder in the order in which the map draws them: those that lie in another come last."""
    text = _SOURCE.read_text(encoding="utf-8").removeprefix("export default ").rstrip("; \n")
    paths = {Land(place["id"].upper()): place["path"] for place in json.loads(text)["locations"]}
    last = [Land.BE, Land.HB, Land.HH]
    order = [*(land for land in Land if land not in last), *last]
    return {land: _outline(land, _rings(paths[land])) for land in order}


def _outline(land: Land, rings: list[list[Point]]) -> Outline:
    mainland = max(rings, key=len)
    shift_x, shift_y = _LABEL_SHIFTS.get(land, (0, 0))
    middle_x, middle_y = _middle(mainland)
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    return Outline(
        path=SafeString("".join(filter(None, map(_drawn, rings)))),
        label=(round(middle_x + shift_x), round(middle_y + shift_y)),
        box=(min(xs), min(ys), max(xs), max(ys)),
    )


def _rings(path: str) -> list[list[Point]]:
    """The closed lines of a path that knows relative moves only, as this package writes them."""
    rings: list[list[Point]] = []
    x = y = 0.0
    for token in _TOKEN.findall(path):
        if token == "m":  # noqa: S105 - a command of the path
            rings.append([])
        elif token == "z":  # noqa: S105 - a command of the path
            x, y = rings[-1][0]
        else:
            dx, dy = map(float, token.split(","))
            x, y = x + dx, y + dy
            rings[-1].append((x, y))
    return rings


def _drawn(ring: list[Point]) -> str:
    """The thinned ring as a path in halves of a unit; "" where nothing visible is left of it."""
    half = len(ring) // 2
    thinned = _thinned(ring[: half + 1])[:-1] + _thinned(ring[half:])
    if len(thinned) < 4:
        return ""
    steps, last_x, last_y = [], 0, 0
    for x, y in thinned:
        x, y = round(2 * x), round(2 * y)
        steps.append(f"{x - last_x} {y - last_y}")
        last_x, last_y = x, y
    start, *lines = steps
    return f"M{start}l{' '.join(lines).replace(' -', '-')}z"


def _thinned(line: list[Point]) -> list[Point]:
    """Douglas and Peucker: keep the point farthest from the straight line, and so on in both parts."""
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = math.dist(line[0], line[-1])
    farthest, index = 0.0, 0
    for number, (x, y) in enumerate(line[1:-1], start=1):
        if length:
            away = abs((y1 - y0) * (x - x0) - (x1 - x0) * (y - y0)) / length
        else:
            away = math.dist((x, y), line[0])
        if away > farthest:
            farthest, index = away, number
    if farthest <= _TOLERANCE:
        return [line[0], line[-1]]
    return _thinned(line[: index + 1])[:-1] + _thinned(line[index:])


def _middle(ring: list[Point]) -> Point:
    """Centre of gravity of the area inside a ring."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return x / (3 * area), y / (3 * area)
