"""The catalogue of our data sets as other catalogues harvest it: DCAT-AP.de 3.0."""

from django.conf import settings
from django.urls import reverse
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from opendata.facts import absolute
from opendata.licence import licence, mixed_terms
from opendata.lists import LISTS, OpenList

DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
DCATAP = Namespace("http://data.europa.eu/r5r/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_EU = "http://publications.europa.eu/resource/authority/"
_GERMANY = URIRef(f"{_EU}country/DEU")
_GERMAN = URIRef(f"{_EU}language/DEU")
_CONTINUOUS = URIRef(f"{_EU}frequency/CONT")
_FEDERAL = URIRef("http://dcat-ap.de/def/politicalGeocoding/Level/federal")
_THEMES = {"kommunen": ("REGI", "GOVE"), "veranstaltungen": ("REGI", "EDUC")}
_FILE_TYPES = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("JSON", "application/json"),
    "atom": ("ATOM", "application/atom+xml"),
}
# How it is asked for, by ending of the address and by media type.
FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
}


def serialized(ending: str) -> bytes:
    return graph().serialize(format=FORMATS[ending][1], encoding="utf-8")


def graph() -> Graph:
    made = Graph()
    for prefix, namespace in (
        ("dcat", DCAT), ("dcterms", DCTERMS), ("foaf", FOAF), ("vcard", VCARD), ("dcatde", DCATDE),
    ):  # fmt: skip
        made.bind(prefix, namespace)
    catalogue = _address("catalogue")
    publisher = _publisher(made)
    _describe(
        made,
        catalogue,
        DCAT.Catalog,
        "Offene Daten der Modellprojekte Smart Cities",
        "Modellprojekte, Lösungen, Kommunen, Veranstaltungen und Nachnutzungen des Netzwerks der "
        "Modellprojekte Smart Cities.",
        publisher,
    )
    made.add((catalogue, DCTERMS.language, _GERMAN))
    made.add((catalogue, DCTERMS.spatial, _GERMANY))
    # Of the descriptions in it; each distribution has its own.
    made.add((catalogue, DCTERMS.license, URIRef(licence().dcat)))
    made.add((catalogue, FOAF.homepage, _address("about")))
    made.add((_address("about"), RDF.type, FOAF.Document))
    service = _service(made, publisher)
    made.add((catalogue, DCAT.service, service))
    for of in LISTS.values():
        dataset = _dataset(made, of, publisher, service)
        made.add((catalogue, DCAT.dataset, dataset))
        made.add((service, DCAT.servesDataset, dataset))
    return made


def _address(route: str, /, **arguments: str) -> URIRef:
    return URIRef(absolute(reverse(f"opendata:{route}", kwargs=arguments)))


def _publisher(made: Graph) -> URIRef:
    publisher = URIRef(absolute(f"{reverse('opendata:about')}#herausgeber"))
    name = settings.OPERATOR["name"] or "Modellprojekte Smart Cities"
    made.add((publisher, RDF.type, FOAF.Agent))
    made.add((publisher, FOAF.name, Literal(name, lang="de")))
    return publisher


def _describe(
    made: Graph, thing: URIRef, kind: URIRef, title: str, description: str, publisher: URIRef
) -> None:
    made.add((thing, RDF.type, kind))
    made.add((thing, DCTERMS.title, Literal(title, lang="de")))
    made.add((thing, DCTERMS.description, Literal(description, lang="de")))
    made.add((thing, DCTERMS.publisher, publisher))


def _contact(made: Graph, thing: URIRef) -> None:
    """The operator's own mailbox for the public, as in the Impressum."""
    if not settings.OPERATOR["email"]:
        return
    contact = BNode()
    made.add((thing, DCAT.contactPoint, contact))
    made.add((contact, RDF.type, VCARD.Kind))
    made.add((contact, RDF.type, VCARD.Organization))
    made.add((contact, VCARD.fn, Literal(settings.OPERATOR["name"])))
    made.add((contact, VCARD.hasEmail, URIRef(f"mailto:{settings.OPERATOR['email']}")))


def _dataset(made: Graph, of: OpenList, publisher: URIRef, service: URIRef) -> URIRef:
    dataset = URIRef(f"{_address('about')}#{of.name}")
    title = f"{of.title} – Modellprojekte Smart Cities"
    _describe(made, dataset, DCAT.Dataset, title, of.description, publisher)
    _contact(made, dataset)
    made.add((dataset, DCTERMS.identifier, Literal(str(dataset))))
    made.add((dataset, DCTERMS.language, _GERMAN))
    made.add((dataset, DCTERMS.spatial, _GERMANY))
    made.add((dataset, DCATDE.politicalGeocodingLevelURI, _FEDERAL))
    made.add((dataset, DCTERMS.accrualPeriodicity, _CONTINUOUS))
    made.add((dataset, DCAT.landingPage, _address("about")))
    made.add((dataset, DCAT.keyword, Literal("Smart City", lang="de")))
    made.add((dataset, DCAT.keyword, Literal(of.title, lang="de")))
    for theme in _THEMES.get(of.name, ("REGI", "TECH")):
        made.add((dataset, DCAT.theme, URIRef(f"{_EU}data-theme/{theme}")))
    for ending in ("csv", "xlsx", "json", *(["atom"] if of.has_feed else [])):
        made.add((dataset, DCAT.distribution, _distribution(made, of, ending)))
    interface = _distribution(made, of, "json", address=f"api-{of.name}-list")
    made.add((interface, DCAT.accessService, service))
    made.add((dataset, DCAT.distribution, interface))
    return dataset


def _distribution(made: Graph, of: OpenList, ending: str, address: str = "") -> URIRef:
    distribution = _address(address) if address else _address("export", name=of.name, ending=ending)
    kind, media = _FILE_TYPES[ending]
    words = "Schnittstelle (JSON)" if address else kind
    made.add((distribution, RDF.type, DCAT.Distribution))
    made.add((distribution, DCTERMS.title, Literal(f"{of.title}: {words}", lang="de")))
    made.add((distribution, DCAT.accessURL, distribution))
    if not address:
        made.add((distribution, DCAT.downloadURL, distribution))
    terms = of.terms()
    made.add((distribution, DCTERMS.license, URIRef(terms.licence.dcat)))
    if terms.binding:
        attribution = Literal(terms.binding, lang="de")
        made.add((distribution, DCATDE.licenseAttributionByText, attribution))
    made.add((distribution, DCTERMS["format"], URIRef(f"{_EU}file-type/{kind}")))
    made.add(
        (
            distribution,
            DCAT.mediaType,
            URIRef(f"https://www.iana.org/assignments/media-types/{media}"),
        )
    )
    made.add((distribution, DCATAP.availability, URIRef(f"{_EU}planned-availability/AVAILABLE")))
    return distribution


def _service(made: Graph, publisher: URIRef) -> URIRef:
    service = _address("api")
    _describe(
        made, service, DCAT.DataService, "Schnittstelle, Version 1", "JSON, nur lesend.", publisher
    )
    made.add((service, DCAT.endpointURL, service))
    made.add((service, DCAT.endpointDescription, _address("api-schema")))
    made.add((service, DCTERMS.license, URIRef(mixed_terms().licence.dcat)))
    return service
