"""Words that carry no meaning in a search, folded: an own list, with those that questions begin with."""

STOP_WORDS = frozenset(
    [
        "aber",
        "alle",
        "allen",
        "aller",
        "alles",
        "als",
        "also",
        "am",
        "an",
        "andere",
        "anderen",
        "anderer",
        "anderes",
        "auch",
        "auf",
        "aus",
        "bei",
        "beim",
        "beispiel",
        "beispiele",
        "benutzt",
        "bereits",
        "besten",
        "bis",
        "bitte",
        "brauche",
        "brauchen",
        "da",
        "dafuer",
        "danke",
        "dann",
        "darf",
        "das",
        "dass",
        "davon",
        "dazu",
        "dem",
        "den",
        "denn",
        "der",
        "deren",
        "des",
        "dessen",
        "die",
        "diese",
        "dieser",
        "dieses",
        "doch",
        "dort",
        "duerfen",
        "durch",
        "ein",
        "eine",
        "einem",
        "einen",
        "einer",
        "eines",
        "eingesetzt",
        "einsetzt",
        "er",
        "es",
        "etwas",
        "eure",
        "finden",
        "findet",
        "fuer",
        "gegen",
        "gehen",
        "geht",
        "gemacht",
        "gibt",
        "gut",
        "haben",
        "haette",
        "hallo",
        "hat",
        "hatte",
        "hatten",
        "hier",
        "ich",
        "ihr",
        "ihre",
        "ihren",
        "ihrer",
        "im",
        "in",
        "ins",
        "ist",
        "jede",
        "jeden",
        "jeder",
        "jedes",
        "jemand",
        "jemanden",
        "kann",
        "koennen",
        "koennte",
        "koennten",
        "kostet",
        "liebsten",
        "machen",
        "macht",
        "man",
        "mehr",
        "mein",
        "meine",
        "meiner",
        "mit",
        "moechte",
        "moechten",
        "muessen",
        "muss",
        "nach",
        "nicht",
        "noch",
        "nur",
        "nutzen",
        "nutzt",
        "ob",
        "oder",
        "ohne",
        "schon",
        "sein",
        "seit",
        "setzt",
        "sich",
        "sie",
        "sind",
        "so",
        "sollen",
        "sollte",
        "sollten",
        "sowie",
        "suche",
        "suchen",
        "sucht",
        "ueber",
        "um",
        "und",
        "uns",
        "unser",
        "unsere",
        "unserem",
        "unseren",
        "unserer",
        "unter",
        "verwendet",
        "viel",
        "viele",
        "vom",
        "von",
        "vor",
        "waehrend",
        "wann",
        "war",
        "waren",
        "warum",
        "was",
        "welche",
        "welchem",
        "welchen",
        "welcher",
        "welches",
        "wem",
        "wen",
        "wenn",
        "wer",
        "werden",
        "weshalb",
        "wie",
        "wieso",
        "wieviel",
        "wir",
        "wird",
        "wo",
        "wobei",
        "wofuer",
        "woher",
        "wohin",
        "womit",
        "worauf",
        "wurde",
        "wurden",
        "zu",
        "zum",
        "zur",
        "zwischen",
    ]
)

# Words that nearly every text here could say, and verbs that questions are asked with. They are counted
# where they stand, but a text may lack them as long as it has the others.
WEAK_WORDS = frozenset(
    """
    anbieten anbietet andere anfangen angebot angebote aufbauen aufs bauen baut bekaempfen bekomme
    bekommen betreiben betreibt brauchen braucht bringt buerger city digital digitale digitalem
    digitalen digitaler digitales digitalisieren digitalisierung dinge einfach einfuehren
    eingesetzt einsetzen erfahrung erfahrungen erkenne erkennen erkennt erreichen erreicht finde
    finden findet funktioniert gebaut gemeinde gemeinden gesucht getan guenstig gute haben helfen
    hilfe hilft informieren kaufen kennt kommen kommt kommune kommunen kosten kostenlos kriege
    kriegen landkreis landkreise lassen lenkt leute loesen loesung loesungen machen macht
    massnahme massnahmen menschen messen misst modellprojekt modellprojekte moeglich neue neuer
    neues nutzen nutzt ort orte personen plattform plattformen projekt projekte sachen schaffen
    sehen smart smarte smarten smarter smartes spart stadt staedte stellt suchen sucht system
    systeme tipps tun ueberwachen ueberwacht umgang umgesetzt umsetzen unterstuetzen unterstuetzt
    bevoelkerung buergerinnen buergerschaft einwohner einwohnerinnen verbessern verwaltung
    uebernehmen nachnutzen nachnutzung nachnutzbar umsonst gratis anderswo
    kreis kreise kreisen kreises fragen frage gerade spaeter bringt bescheid merken merkt verwaltungen
    verwenden vorhaben warnen welcher zaehlen zaehlt zeigt
    """.split()  # noqa: SIM905 - a list of a hundred lines says nothing more
)
# How people wish that something is.
_WISHED = "aehnlich einfach fertig guenstig gut kostenfrei kostenlos modern moeglich neu schnell"
WEAK_WORDS |= {word + end for word in _WISHED.split() for end in ("", "e", "em", "en", "er", "es")}
# What a question begins with.
QUESTION_WORDS = frozenset(
    "gibt kann koennen wann warum was welche welchem welchen welcher welches wer weshalb wie wieso wo womit".split()  # noqa: SIM905
)
# What a term may begin with that says nothing by itself.
FILLERS = frozenset(["digital", "intelligent", "online", "smart", "smarte", "smarter", "smartes"])
# What compounds end in that adds little, folded: „Tourismusförderung“ is about tourism.
GENERAL_HEADS = frozenset(
    """
    angebot anwendung anzeige aufgabe auskunft auslastung bedarf belegung beratung bereich bericht betreuung
    bewirtschaftung dienst einrichtung entwicklung erfassung erhaltung foerderung hilfe information
    infrastruktur konzept kontrolle liste loesung management massnahme meldung messung monitoring
    nutzung pflege planung programm projekt schutz sicherheit sicherung software stand steuerung strategie
    system thema themen tool uebersicht ueberwachung unterhaltung vermittlung versorgung verwaltung
    verzeichnis vorsorge werkzeug wesen zaehlung zustand
    """.split()  # noqa: SIM905
)
