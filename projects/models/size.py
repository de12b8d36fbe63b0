from collections.abc import Iterable
from itertools import chain

from django.db import models
from django.utils.translation import gettext_lazy as _


class SizeClass(models.TextChoices):
    """How large a Kommune is, in the steps of the BBSR; the values stand in addresses."""

    VILLAGE = "unter-10000", _("unter 10.000")
    SMALL_TOWN = "10000-20000", _("10.000 bis 20.000")
    TOWN = "20000-50000", _("20.000 bis 50.000")
    LARGE_TOWN = "50000-100000", _("50.000 bis 100.000")
    CITY = "ab-100000", _("ab 100.000")

    @classmethod
    def of(cls, population: int | None) -> "SizeClass | None":
        if population is None:
            return None
        limits = (
            (10_000, cls.VILLAGE),
            (20_000, cls.SMALL_TOWN),
            (50_000, cls.TOWN),
            (100_000, cls.LARGE_TOWN),
        )
        return next((found for limit, found in limits if population < limit), cls.CITY)

    @classmethod
    def among(cls, populations: Iterable[int | None]) -> "tuple[SizeClass, ...]":
        """The sizes of these, smallest first, each once; what is unknown is left out."""
        return cls.merged(cls.of(population) for population in populations)

    @classmethod
    def merged(cls, *several: "Iterable[SizeClass | None]") -> "tuple[SizeClass, ...]":
        found = set(chain.from_iterable(several))
        return tuple(size for size in cls if size in found)
