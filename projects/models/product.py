from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground.names import ADDRESS_TAKEN, folded
from projects.models.licence import LicenceField
from projects.models.sourced import Sourced, has_source


class ProductQuerySet(models.QuerySet["Product"]):
    def with_own_page(self):
        """Those that are no solution of a project: the page of a solution is that of its product."""
        return self.filter(solution=None)


class Product(Sourced):
    """Something ready made that solutions are built on, so many of them have one page in common.

    „Masterportal“ and „CONSUL“ come from outside the network and have a page of their own. „Smart
    Village App“ is a solution of a model project itself: then the page of that solution is the page.
    """

    name = models.CharField(_("Name"), max_length=120)
    slug = models.SlugField(_("Adresse"), max_length=120, unique=True, error_messages=ADDRESS_TAKEN)
    sort_name = models.GeneratedField(
        expression=folded("name"),
        output_field=models.CharField(_("Sortiername"), max_length=400),
        db_persist=True,
    )
    description = models.TextField(_("Beschreibung"), blank=True)
    maker = models.CharField(
        _("Hersteller oder Gemeinschaft"),
        max_length=200,
        blank=True,
        help_text=_("Eine Organisation, keine Person."),
    )
    licence = LicenceField(_("Lizenz"))
    repository = models.URLField(_("Quellcode"), max_length=300, blank=True)
    website = models.URLField(_("Website"), max_length=300, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("Produkt")
        verbose_name_plural = _("Produkte")
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sort_name"],
                name="projects_product_once",
                violation_error_message=_("Dieses Produkt gibt es schon."),
            ),
            has_source("projects_product_has_source"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:product", kwargs={"slug": self.slug})


class BuildingBlock(Sourced):
    """That a solution is built on a product, or takes a model or a standard from elsewhere.

    The text says what it takes; the product is set where the portal knows one.
    """

    solution = models.ForeignKey(
        "projects.Solution", models.CASCADE, related_name="blocks", verbose_name=_("Lösung")
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="used_in",
        verbose_name=_("Produkt"),
    )
    text = models.CharField(
        _("was sie übernimmt"),
        max_length=300,
        help_text=_("Zum Beispiel „Beteiligungssoftware CONSUL“."),
    )
    origin = models.CharField(
        _("von wem"), max_length=200, blank=True, help_text=_("Eine Organisation, keine Person.")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Baustein")
        verbose_name_plural = _("Bausteine")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["solution", "text"],
                name="projects_block_once",
                violation_error_message=_("Dieser Baustein ist schon genannt."),
            ),
            has_source("projects_block_has_source"),
        ]

    def __str__(self) -> str:
        return self.text
