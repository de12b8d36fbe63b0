"""What a query is made of, before any text is searched."""

from uuid import uuid4

import pytest

from finding.facets import Facet
from finding.models import SearchWord, Synonyms
from finding.search import highlight, read_intents
from finding.search.compounds import Lexicon, left_out
from finding.search.pieces import Closeness, Query
from finding.search.query import understand as understand_in
from finding.search.reading import MOST_WORDS
from finding.search.stems import stem, words_of
from finding.search.thesaurus import thesaurus
from ground.land import Land
from ground.names import fold
from projects.lists import INTENTS
from projects.models import Maturity, SizeClass


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Museum", "Museen"),
        ("Stadt", "Städte"),
        ("Haus", "Häuser"),
        ("Land", "Ländern"),
        ("Plattform", "Plattformen"),
        ("Sensor", "Sensoren"),
        ("App", "Apps"),
        ("Region", "Regionen"),
        ("Kreis", "Kreise"),
        ("Beratung", "Beratungen"),
        ("Bürger", "Bürgerinnen"),
        ("Bus", "Busse"),
        ("Ergebnis", "Ergebnisse"),
        ("Arzt", "Ärztinnen"),
        ("Landwirt", "Landwirtin"),
    ],
)
def test_forms_of_one_word_share_a_stem(one, other):
    assert stem(*words_of(one)) == stem(*words_of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bürger", "Burg"),
        ("Keller", "Kelle"),
        ("Bus", "Busch"),
        ("App", "Appell"),
        ("Schule", "Schulungen"),
    ],
)
def test_different_words_keep_different_stems(one, other):
    assert stem(*words_of(one)) != stem(*words_of(other))


def test_words_are_folded_and_split_where_people_see_two():
    assert words_of("Wiesenburg/Mark, Weißenthurm & „Smart-City“") == [
        "wiesenburg",
        "mark",
        "weissenthurm",
        "smart",
        "city",
    ]


@pytest.mark.parametrize(
    ("q", "rest", "chosen"),
    [
        ("Coworking Brandenburg", "Coworking", {"land": ("BB",)}),
        ("Kultur Sachsen-Anhalt", "Kultur", {"land": ("ST",)}),
        ("Wasser in Berlin", "Wasser", {"land": ("BE",)}),
        # The name of a Land alone is looked for, and so are places that are named after one.
        ("Berlin", "Berlin", {}),
        ("Kiezbox Berlin-Köpenick", "Kiezbox Berlin-Köpenick", {}),
        ("Bus Brandenburg an der Havel", "Bus Brandenburg an der Havel", {}),
    ],
)
def test_the_name_of_a_land_beside_other_words_is_a_filter(q, rest, chosen):
    land = Facet("land", "Land", {str(key): str(label) for key, label in Land.choices})

    meant = read_intents(q, [land], INTENTS)

    assert (meant.rest, dict(meant.chosen)) == (rest, chosen)


@pytest.mark.parametrize(
    ("q", "rest", "sizes"),
    [
        ("App für kleine Gemeinden", "App", ("unter-10000", "10000-20000")),
        ("App für kleine Dörfer", "App", ("unter-10000",)),
        ("App für eine kleine Stadt", "App", ("10000-20000",)),
        ("Zwilling in Großstädten", "Zwilling", ("ab-100000",)),
    ],
)
def test_what_is_small_to_a_clerk_may_be_several_sizes(q, rest, sizes):
    size = Facet("groesse", "Größe", {str(key): str(label) for key, label in SizeClass.choices})

    meant = read_intents(q, [size], INTENTS)

    assert (meant.rest, dict(meant.chosen)) == (rest, {"groesse": sizes})


@pytest.mark.parametrize(
    ("q", "rest", "maturity"),
    [
        ("Sensorik im Betrieb", "Sensorik", "betrieb"),
        ("Chatbot im Test", "Chatbot", "pilot"),
        ("geplante Projekte Wasserstoff", "Wasserstoff", "geplant"),
        ("Zwilling in Umsetzung", "Zwilling", "umsetzung"),
        ("gescheiterte Projekte Mobilität", "Mobilität", "eingestellt"),
        ("geplantes Projekt Wasserstoff", "Wasserstoff", "geplant"),
        ("Radwege in Planung", "Radwege", "geplant"),
        # What is planned here are ways, or nothing.
        ("geplante Radwege", "geplante Radwege", ""),
        ("Bürger in Planung einbinden", "Bürger in Planung einbinden", ""),
        ("Hilfe im Aufbau von Netzen", "Hilfe im Aufbau von Netzen", ""),
    ],
)
def test_how_far_a_solution_is_said_beside_others_is_a_filter(q, rest, maturity):
    known = Facet("reife", "Reife", {str(key): str(label) for key, label in Maturity.choices})

    meant = read_intents(q, [known], INTENTS)

    assert (meant.rest, dict(meant.chosen)) == (rest, {"reife": (maturity,)} if maturity else {})


def test_where_a_question_asks_it_is_not_asked_of_a_text(vocabulary):
    vocabulary("Heizkosten", "Turnhalle")

    def needed(q: str) -> list[list[str]]:
        return [piece.words for piece in understand(q).needed]

    assert needed("Wie sparen wir Heizkosten in der Turnhalle?") == [["heizkosten"]]
    assert needed("Heizkosten in der Turnhalle") == [["heizkosten"], ["turnhalle"]]
    assert needed("Was gibt es in der Turnhalle?") == [["turnhalle"]]


def test_the_name_of_a_place_is_no_form_of_another_word():
    assert [stem(word) == word for word in ("aalen", "polen")] == [True, True]
    assert stem("aale") == stem("aal") != stem("aalen")


def understand(text: str) -> Query:
    """With the words that are stored now."""
    return understand_in(text, build=uuid4())


@pytest.fixture
def vocabulary(db):
    def stores(*spellings: str) -> None:
        words = {word: spelling for spelling in spellings for word in words_of(spelling)}
        lexicon = Lexicon(thesaurus().written | words)
        for word, spelling in words.items():
            SearchWord.objects.create(
                word=word,
                spelling=spelling,
                stem=stem(word),
                documents=10,  # a word that hardly stands anywhere is looked for in its parts, too
                parts=lexicon.parts(word),
            )

    return stores


def forms(q: str) -> list[set[str]]:
    return [piece.forms for piece in understand(q).pieces]


def test_a_word_becomes_its_forms_and_the_compounds_it_is_part_of(vocabulary):
    vocabulary("Plattform", "Plattformen", "Datenplattform", "Form", "Platten")

    assert forms("Plattform") == [{"plattform", "plattformen", "datenplattform"}]


def test_a_short_word_counts_at_the_ends_of_compounds_only(vocabulary):
    vocabulary("Bahn", "Bahnhof", "Stadtbahn", "Straßenbahnhof", "Stadt", "Straße", "Hof")

    assert forms("Bahn") == [{"bahn", "bahnhof", "stadtbahn"}]


def test_of_a_word_with_a_very_short_stem_the_whole_word_makes_compounds(vocabulary):
    vocabulary("Daten", "Datenplattform", "Plattform", "Soldat")

    assert forms("Daten") == [{"daten", "datenplattform"}]


def test_a_misspelt_word_becomes_the_nearest_and_a_suggestion(vocabulary):
    vocabulary("Zwilling", "Zwillinge", "Zwischenraum")

    query = understand("zwiling")

    assert [piece.forms for piece in query.pieces] == [{"zwilling", "zwillinge"}]
    assert query.suggestion == "Zwilling"


def test_a_suggestion_leaves_out_what_nothing_resembles(vocabulary):
    vocabulary("Zwilling")

    assert understand("zwiling xyxyxy").suggestion == "Zwilling"


def test_a_word_that_nothing_resembles_finds_nothing(vocabulary):
    vocabulary("Zwilling")

    query = understand("Xylophon")

    assert query.finds_nothing
    assert query.suggestion == ""


def test_synonyms_are_searched_with_all_their_compounds(vocabulary):
    Synonyms.objects.all().delete()
    Synonyms.objects.create(words="Fahrrad, Radverkehr")
    vocabulary("Fahrräder", "Radverkehrsnetz", "Auto", "Netz")

    assert forms("Radverkehr") == [{"fahrraeder", "radverkehrsnetz"}]


def test_the_parts_of_a_compound_lose_what_joins_them(vocabulary):
    vocabulary("Museen", "Führung")

    assert forms("Museumsführung") == [{"museen", "fuehrung"}]


def test_of_a_compound_stands_alone_what_it_is_about(vocabulary):
    Synonyms.objects.all().delete()
    vocabulary("Tourismus", "Parken", "Brunnen", "Bürger", "Straßenlampen", "Straße")

    # The last part adds little, the first says nothing, or stands nowhere.
    assert forms("Tourismusförderung") == [{"tourismus"}]
    assert forms("Smart-Parken") == [{"parken"}]
    assert forms("Springbrunnen") == [{"brunnen"}]
    # A word that stands only at the end of others.
    assert forms("Lampen") == [{"strassenlampen"}]


def test_a_compound_of_many_parts_is_about_all_but_a_last_that_adds_little(vocabulary):
    Synonyms.objects.all().delete()
    vocabulary("Laden", "Leerstand", "Liste", "Ehrenamt", "Karten", "Verwaltung")

    [piece] = understand("Ladenleerstandsliste").pieces
    assert ({"laden"}, {"leerstand"}) in [
        one.words for one in piece.alternatives[Closeness.NARROWER]
    ]
    assert ({"laden"},) in [one.words for one in piece.alternatives[Closeness.PART]]
    # „Ehrenamtskarten“ stand nowhere.
    assert forms("Ehrenamtskartenverwaltung") == [{"ehrenamt", "karten", "verwaltung"}]


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("mitzureden", "mitreden"),
        ("mitgeredet", "mitreden"),
        ("gemietet", "mieten"),
        ("ausprobiert", "ausprobieren"),
        ("wirkt", "wirken"),
    ],
)
def test_a_form_of_a_verb_is_the_verb_where_only_that_is_known(vocabulary, typed, known):
    vocabulary(known)

    assert forms(f"Jugendliche {typed}")[1] == {known}
    vocabulary(typed)
    assert forms(f"Jugendliche {typed}")[1] == {typed}


@pytest.mark.parametrize(("one", "other"), [("bewässern", "Bewässerung"), ("sammeln", "Sammlung")])
def test_a_verb_finds_its_noun_and_a_noun_its_verb(vocabulary, one, other):
    vocabulary(one, other, "Wasser", "Samt")

    both = {fold(one), fold(other)}
    assert forms(one) == forms(other) == [both]


def test_no_noun_is_taken_for_a_form_of_a_verb_that_stands_nowhere(vocabulary):
    vocabulary("Markt", "Gewerbegebiet", "Aufzug")

    assert forms("Markt Gewerbegebiet Aufzug") == [{"markt"}, {"gewerbegebiet"}, {"aufzug"}]


def test_terms_joined_by_a_hyphen_are_taken_apart_as_terms(vocabulary):
    Synonyms.objects.all().delete()
    Synonyms.objects.create(words="E-Bike, Pedelec")
    vocabulary("Pedelec", "Verleih", "e")

    assert forms("E-Bike-Verleih") == [{"pedelec", "verleih"}]


def test_a_slip_in_one_part_of_a_compound_that_nobody_wrote_is_put_right(vocabulary):
    Synonyms.objects.all().delete()
    vocabulary("Fahrrad", "Stellplätze")
    known = understand("Fahradstellplätze")
    Synonyms.objects.create(words="Energiemanagement, Energiemonitoring")
    vocabulary("Energie", "Management", "Energiemonitoring")
    in_thesaurus = understand("Energimanagement")

    assert (known.suggestion, forms("Fahradstellplätze")) == (
        "Fahrradstellplätze",
        [{"fahrrad", "stellplaetze"}],
    )
    assert in_thesaurus.suggestion == "Energiemanagement"
    assert {"energiemonitoring"} <= in_thesaurus.pieces[0].forms


def test_a_term_is_known_wherever_its_words_are_joined(vocabulary):
    Synonyms.objects.all().delete()
    Synonyms.objects.create(words="Open-Data-Plattform, Datenportal")
    Synonyms.objects.create(words="Smart Parksystem, Parkleitsystem")
    vocabulary("Datenportal", "Parkleitsystem")

    for typed in ("OpenData-Plattform", "Opendata Plattform", "open dataplattform"):
        assert "datenportal" in set().union(*forms(typed)), typed
    assert "parkleitsystem" in set().union(*forms("Smart Park System"))


def test_words_between_are_not_joined_nor_single_letters_and_a_typed_hyphen_is_kept(vocabulary):
    Synonyms.objects.all().delete()
    Synonyms.objects.create(words="Vorschule, Kita")
    Synonyms.objects.create(words="EV, Elektroauto")
    Synonyms.objects.create(words="Bike and Ride, B+R, Radstellplatz")
    Synonyms.objects.create(words="Open-Data-Plattform, Datenportal")
    vocabulary(
        "Schulen", "Kita", "Elektroauto", "Radstellplatz", "Verein", "Open", "Data", "Plattform"
    )

    for typed, other in (
        ("Tempo 30 vor Schulen", "kita"),
        ("Verein e.V.", "elektroauto"),
        ("BR", "radstellplatz"),
    ):
        assert other not in set().union(*forms(typed)), typed
    [piece] = understand("Open-Data-Plattform").pieces
    assert (piece.is_hyphenated, piece.words) == (True, ["open", "data", "plattform"])
    [piece] = understand("-OpenDataPlattform Verein").excluded
    assert piece.words == ["open", "data", "plattform"]


def test_a_general_word_beside_others_need_not_stand_in_a_text(vocabulary):
    vocabulary("Hochwasser", "Monitoring")

    assert [piece.is_weak for piece in understand("Hochwasser Monitoring").pieces] == [False, True]
    assert [piece.is_weak for piece in understand("Monitoring").pieces] == [False]


def test_no_word_without_meaning_stands_for_another(vocabulary):
    Synonyms.objects.all().delete()
    Synonyms.objects.create(words="Lizenz, MIT, EUPL")
    vocabulary("mit", "EUPL")

    assert forms("Lizenz") == [{"eupl"}]


def test_of_a_word_that_need_not_be_there_only_itself_is_marked(vocabulary):
    Synonyms.objects.all().delete()
    Synonyms.objects.create(words="Ort, Landkreis")
    Synonyms.objects.create(words="Jugendliche, Teenager")
    vocabulary("Ort", "Landkreis", "Jugendliche", "Teenager")

    query = understand("Wie erreichen wir Jugendliche im Ort?")

    assert query.words == {"jugendliche", "teenager", "ort"}


def test_words_without_meaning_are_left_out_unless_they_are_all_there_is(vocabulary):
    vocabulary("auf", "Lernen")

    assert [piece.words for piece in understand("Lernen auf dem Land").pieces] == [
        ["lernen"],
        ["land"],
    ]
    assert [piece.words for piece in understand("AUF").pieces] == [["auf"]]
    # They are found, but not marked wherever they stand.
    assert understand("AUF").words == frozenset()


def test_of_words_with_a_part_in_common_either_is_asked_for(vocabulary):
    vocabulary(
        "Luft", "Wasser", "Qualität", "Luftqualität", "Wasserqualität", "Klimaschutz", "Anpassung"
    )

    for typed in ("Luft- und Wasserqualität", "Luft- oder Wasserqualität"):
        [piece] = understand(typed).needed
        assert {"luftqualitaet", "wasserqualitaet"} <= piece.forms
    # What stands between the parts is no part.
    lexicon = Lexicon({"luft": "Luft", "wasser": "Wasser", "qualitaet": "Qualität"})
    for between in ("und", "oder", "sowie", "bzw."):
        assert [*left_out(f"Luft- {between} Wasserqualität", lexicon)] == ["luftqualitaet"]
    # No minus that excludes.
    assert understand("Luftqualität und -anpassung").excluded == []
    # Quoted, it is just these words beside each other.
    [phrase] = understand('"Luft- und Wasserqualität"').pieces
    assert (phrase.is_phrase, phrase.words) == (True, ["luft", "und", "wasserqualitaet"])


def test_quotation_marks_keep_words_together_and_a_minus_excludes(vocabulary):
    vocabulary("Zwilling", "digitaler", "München")

    query = understand("„digitaler Zwilling“ -München")

    [together], [excluded] = query.needed, query.excluded
    [in_this_order] = together.up_to(Closeness.FORM)
    assert in_this_order == (({"digitaler"}, {"zwilling"}), True)
    assert excluded.forms == {"muenchen"}


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "   ",
        "%",
        "\0",
        "'; DROP TABLE x; --",
        "&|!():*",
        "<script>",
        "😀",
        '"',
        '""',
        "-",
        "a" * 500,
    ],
)
def test_nonsense_is_a_query_without_words_or_without_hits(db, nonsense):
    assert understand(nonsense).finds_nothing


def test_of_a_pasted_text_only_the_beginning_is_looked_at(db):
    assert len(understand("wort " * 100).pieces) == MOST_WORDS


def test_highlighting_marks_whole_words_and_escapes_everything():
    marked = highlight('<b>Hochwasser</b> & "Hochwasserschutz"', {"hochwasserschutz"})

    assert marked == (
        "&lt;b&gt;Hochwasser&lt;/b&gt; &amp; &quot;<mark>Hochwasserschutz</mark>&quot;"
    )


def test_of_a_term_its_words_are_marked_only_where_they_stand_together(vocabulary):
    Synonyms.objects.all().delete()
    Synonyms.objects.create(words="Parken, freie Parkplätze, Smart Parking")
    vocabulary("parken", "freie", "freien", "Parkplätze", "Smart", "Parking", "City")

    words = understand("parken").words

    assert highlight("Parken: die Smart City misst den freien Park", words) == (
        "<mark>Parken</mark>: die Smart City misst den freien Park"
    )
    assert highlight("Wo freie Parkplätze sind, zeigt Smart-Parking.", words) == (
        "Wo <mark>freie Parkplätze</mark> sind, zeigt <mark>Smart-Parking</mark>."
    )


def test_of_a_term_that_was_typed_each_word_is_marked_where_it_is_found_apart(vocabulary):
    Synonyms.objects.all().delete()
    vocabulary("offene", "Plattform")

    words = understand("Offene-Plattform").words

    assert highlight("Eine Plattform für offene Daten", words) == (
        "Eine <mark>Plattform</mark> für <mark>offene</mark> Daten"
    )
    quoted = understand("„offene Plattform“").words
    assert highlight("Eine Plattform, eine offene Plattform", quoted) == (
        "Eine Plattform, eine <mark>offene Plattform</mark>"
    )
