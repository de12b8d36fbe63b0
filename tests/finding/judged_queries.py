"""What people might type, and what a reader of the shipped texts would call an answer.

Judged by reading the texts, not by asking the search. `judged_topics.json` names, for a topic, the
solutions whose own text speaks of it; a query is about one topic or several. A project answers where one
of its solutions does. What is only near the topic (`near`) is no mistake, but nothing that must be found;
what shares nothing but letters with it (`never`) must not stand among the first five.

Every third query is held back: nothing is tuned on it.
"""

import json
from pathlib import Path
from typing import NamedTuple

TOPICS: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("judged_topics.json").read_text("utf-8")
)

ELIDED = "left out parts"
UNWRITTEN = "compounds that nobody wrote"
SPELLING = "hyphen, joint, separate"
FORM = "feminine, plural, case"
LETTERS = "ß, umlauts, sub- and superscripts, digits"
SHORT = "short words and abbreviations"
SYNONYM = "words that mean the same"
NARROWER = "narrower and broader"
TYPO = "typing mistakes"
QUESTION = "questions"
FIELD = "words of the field"


class Judged(NamedTuple):
    difficulty: str
    query: str
    topics: str  # names of topics or slugs of solutions, separated by spaces
    near: str = ""  # the same
    projects: str = ""  # slugs, or theme:<slug>, instead of the solutions' own projects
    never: str = ""  # how the slugs of solutions begin or end
    is_held_back: bool = False

    def expected(self, kind: str, project_of: dict[str, str], themes: dict[str, set[str]]) -> set:
        if kind == "project" and self.projects:
            return _named(self.projects, themes)
        return _of(self.topics, kind, project_of)

    def accepted(self, kind: str, project_of: dict[str, str], themes: dict[str, set[str]]) -> set:
        return self.expected(kind, project_of, themes) | _of(
            f"{self.topics} {self.near}", kind, project_of
        )


def _named(projects: str, themes: dict[str, set[str]]) -> set[str]:
    found = set()
    for one in projects.split():
        found |= themes[one.removeprefix("theme:")] if one.startswith("theme:") else {one}
    return found


def _of(topics: str, kind: str, project_of: dict[str, str]) -> set[str]:
    slugs = {slug for one in topics.split() for slug in TOPICS.get(one, [one])}
    return slugs if kind == "solution" else {project_of[slug] for slug in slugs}


_JUDGED = [
    # What „Küsten- und Meeresschutz“ leaves out.
    Judged(ELIDED, "Küstenschutz", "kueste", projects="kielregion"),
    Judged(ELIDED, "Energieverbräuche", "energieverbrauch", "energie wasserverbrauch"),
    Judged(ELIDED, "Pegelwerte", "pegel", "hochwasser"),
    Judged(ELIDED, "Parkleitsystem", "parken"),
    Judged(ELIDED, "Feinstaubsensoren", "luft"),
    Judged(ELIDED, "Mobilfunkausbau", "breitband", "landkreis-wunsiedel-lorawan-ausbau"),
    Judged(ELIDED, "Gründungszentrum", "gruendung", "coworking"),
    Judged(ELIDED, "Fußverkehr", "fuss", "passanten rad gera-14-pilotprojekte-ab-februar-2021"),
    Judged(
        ELIDED,
        "Planungsportal",
        "cottbus-open-data-portal",
        "stadtplan beteiligung zwilling berlin-smart-water-bgi-planer-starkregenportal-lernspiel",
    ),
    Judged(ELIDED, "Stromversorgung", "waerme energie solar", "stromausfall"),
    Judged(
        ELIDED,
        "Luftfeuchte",
        "luebeck-klimamonitoring-im-stadtwald klimadaten wetter luft",
        "hitze guetersloh-ki-gestuetzter-winterdienst winterdienst",
    ),
    Judged(
        ELIDED,
        "Waldbrandgefahr",
        "guben-plattform-smarte-gefahrenabwehr bad-belzig-wiesenburg-lorawan-netz",
        "landkreis-hof-waldmonitoring",
    ),
    Judged(
        ELIDED,
        "Klimaanpassung",
        "hitze schwamm baum hochwasser klimadaten trocken bewaesserung kempten-klimaschule "
        "5-fuer-suedwestfalen-buergerwolke-soest 5-fuer-suedwestfalen-offene-regionale-datenplattform "
        "halle-saale-hal-plan gelsenkirchen-digitallinie-302",
        "",
        # The last three have no such theme, but solutions against drought, heat and heavy rain.
        projects="theme:klimaschutz-anpassung 5-fuer-suedwestfalen halle-saale berlin darmstadt landkreis-hof",
    ),
    Judged(
        ELIDED,
        "Katastrophenvorsorge",
        "katastrophe hochwasser",
        "feuerwehr fruehwarn",
        projects="theme:katastrophenschutz-vorsorge bamberg landkreis-wunsiedel eifelkreis-bitburg-pruem",
    ),
    Judged(ELIDED, "Pflegeeinrichtungen", "pflege senioren", "gesundheit"),
    # What is written in parts, or in other compounds.
    Judged(UNWRITTEN, "Baumkataster", "baum", never="landkreis-giessen-waerme"),
    Judged(UNWRITTEN, "Stadtapp", "stadtapp app"),
    Judged(UNWRITTEN, "Dorf-App", "app"),
    Judged(
        UNWRITTEN,
        "Strassenlampen",
        "strassenlampe",
        "solingen-open-smartcity-hub-urbane-datenplattform guetersloh-sensoren-an-wendehaemmern-und-sackgassen",
    ),
    Judged(UNWRITTEN, "Bienenmonitoring", "bienen", "hildesheim-ar-spielplatz"),
    Judged(UNWRITTEN, "Parkplatzsuche", "parken"),
    Judged(UNWRITTEN, "Müllsensor", "muell fuellstand", "luebeck-luftmessung-mit-muellwagen"),
    Judged(UNWRITTEN, "Hochwassersensor", "hochwasser pegel"),
    Judged(UNWRITTEN, "Bodensensoren", "bodenfeuchte"),
    Judged(
        UNWRITTEN,
        "Verkehrskamera",
        "verkehrszaehl",
        "guetersloh-sensoren-an-wendehaemmern-und-sackgassen wolfsburg-testfeld-smart-parking regensburg-neue-horizonte-altstadt",
    ),
    Judged(UNWRITTEN, "Brückensensoren", "bruecke"),
    Judged(UNWRITTEN, "Ideenplattform", "beteiligung ideenwettbewerb"),
    Judged(UNWRITTEN, "Vereinsapp", "app", "vereine"),
    Judged(UNWRITTEN, "Friedhofskataster", "friedhof"),
    Judged(UNWRITTEN, "Gesundheitsapp", "gesundheit app"),
    Judged(
        UNWRITTEN,
        "Glättesensoren",
        "winterdienst",
        "dortmund-schwerte-wetterstationen-in-allen-stadtteilen-schwerte",
    ),
    # One word or two.
    Judged(SPELLING, "Co-Working", "coworking"),
    Judged(SPELLING, "Coworking", "coworking"),
    Judged(SPELLING, "Co Working", "coworking"),
    Judged(SPELLING, "Smart City App", "stadtapp app"),
    Judged(SPELLING, "Open-Data-Portal", "opendata"),
    Judged(SPELLING, "Opendata", "opendata"),
    Judged(SPELLING, "Maker Space", "makerspace"),
    Judged(SPELLING, "Stadt-Labor", "stadtlabor"),
    Judged(SPELLING, "LoRa WAN", "lorawan"),
    Judged(SPELLING, "Daten-Plattform", "datenplattform"),
    Judged(SPELLING, "Car-Sharing", "carsharing", "sharing mobilstation"),
    Judged(SPELLING, "3D Stadtmodell", "stadtmodell zwilling"),
    Judged(
        SPELLING,
        "Tinyhouse",
        "pforzheim-tiny-house-als-lernraum pforzheim-quartier-werkstatt",
        "wuerzburg-heimatforum kielregion-tiny-rathaus mobilrathaus",
    ),
    Judged(SPELLING, "Stadt App", "stadtapp app"),
    Judged(SPELLING, "Civitas Core", "civitas", "datenplattform"),
    # Forms.
    Judged(FORM, "Seniorinnen", "senioren"),
    Judged(FORM, "Museen", "museum"),
    Judged(
        FORM,
        "Radfahrerinnen",
        "rad ampel",
        "sharing mobilstation potsdam-aktionsraum-bahnhof detmold-nudging-von-nachhaltigem-mobilitaetsverhalten verkehrszaehl",
    ),
    Judged(
        FORM, "Bürgerinnen Beteiligung", "beteiligung", "mobilrathaus ideenwettbewerb buergerrat"
    ),
    Judged(FORM, "autonome Busse", "autonom"),
    Judged(FORM, "Stadtbäumen", "baum"),
    Judged(FORM, "Parkhaus", "parken"),
    Judged(FORM, "Schülerinnen", "schule", "jugend"),
    Judged(FORM, "digitaler Zwilling", "zwilling"),
    Judged(FORM, "Patienten", "cottbus-self-check-in-im-klinikum", "gesundheit telemedizin"),
    Judged(FORM, "Feuerwehren", "feuerwehr"),
    Judged(FORM, "Mülleimern", "muell"),
    Judged(FORM, "Drohnen", "drohne"),
    Judged(FORM, "Gründerinnen", "gruendung"),
    Judged(
        FORM,
        "Bibliotheken",
        "bibliothek",
        "dortmund-schwerte-makerspace-im-dortmunder-u konstanz-innenstadt-von-morgen-pfalzgarten",
    ),
    # Letters.
    Judged(LETTERS, "CO2", "co2", "energie energieverbrauch luft", never="osnabrueck-innovatives"),
    Judged(LETTERS, "CO₂", "co2", "energie energieverbrauch luft"),
    Judged(LETTERS, "3D-Modell", "stadtmodell zwilling"),
    Judged(LETTERS, "3D-Druck", "druck3d makerspace"),
    Judged(
        LETTERS,
        "Gruenflaechen",
        "kempten-klimasensoren moenchengladbach-smart-im-park-labore pforzheim-muellroboter-ansgar",
        "baum bewaesserung stadtgarten rostock-gruenes-rostock hitze wuppertal-digital-zwilling bodenfeuchte schwamm",
    ),
    Judged(LETTERS, "Ueberflutung", "hochwasser"),
    Judged(
        LETTERS,
        "Straßenbeleuchtung",
        "strassenlampe",
        "solingen-open-smartcity-hub-urbane-datenplattform landkreis-mayen-koblenz-mitmachlabor-und-ideenwettbewerbe",
    ),
    Judged(
        LETTERS,
        "Strassenbeleuchtung",
        "strassenlampe",
        "solingen-open-smartcity-hub-urbane-datenplattform landkreis-mayen-koblenz-mitmachlabor-und-ideenwettbewerbe",
    ),
    Judged(LETTERS, "Kueste", "kueste", projects="kielregion"),
    Judged(LETTERS, "MÜLLROBOTER", "pforzheim-muellroboter-ansgar", "roboter"),
    Judged(LETTERS, "Fuellstand", "fuellstand"),
    Judged(LETTERS, "Wa\u0308rmekataster", "landkreis-giessen-waermekataster", "waerme"),
    Judged(LETTERS, "360-Grad-Rundgang", "rundgang"),
    Judged(LETTERS, "Buergerrat", "buergerrat", "beteiligung"),
    # Whole words only.
    Judged(SHORT, "KI", "ki", never="kielregion-kielregion kielregion-tiny zwoenitz"),
    Judged(SHORT, "AR", "ar", "vr rundgang", never="barleben darmstadt"),
    Judged(SHORT, "VR", "vr", "ar rundgang"),
    Judged(
        SHORT,
        "GIS",
        "gis",
        "zwilling stadtmodell pforzheim-parksensoren opendata",
        never="jena-smartfloss rostock-rostock-app ringelai-ilzer-land-hybride-w",
    ),
    Judged(SHORT, "UDZ", "zwilling"),
    Judged(SHORT, "ÖPNV", "oepnv bus rufbus", "mobilstation mitfahren"),
    Judged(SHORT, "IoT", "iot", "sensorallgemein"),
    Judged(SHORT, "LoRaWAN", "lorawan"),
    Judged(SHORT, "DSGVO", "dsgvo", "datengov"),
    Judged(SHORT, "WLAN", "wlan", "wlanzaehl"),
    Judged(
        SHORT,
        "Bus",
        "bus rufbus oepnv",
        "autonom kempten-digital-makerspace-mobil landkreis-giessen-digital-mobil-zukunftsbus",
    ),
    Judged(SHORT, "App", "app stadtapp"),
    Judged(SHORT, "UDP", "datenplattform udp"),
    Judged(SHORT, "Regen", "schwamm hochwasser wetter klimadaten", never="regensburg"),
    Judged(
        SHORT,
        "Rad",
        "rad ampel fuss",
        "sharing mobilstation potsdam-aktionsraum-bahnhof landkreis-wunsiedel-fichtelapp guetersloh-messung-der-passantenfrequenz",
    ),
    # The same in other words.
    Judged(SYNONYM, "Frühwarnsystem", "fruehwarn pegel hochwasser"),
    Judged(SYNONYM, "Rufbus", "rufbus shuttle zwoenitz-erzmobil", "bus autonom"),
    Judged(SYNONYM, "On-Demand-Verkehr", "rufbus shuttle zwoenitz-erzmobil", "bus"),
    Judged(SYNONYM, "Müll", "muell fuellstand", "luebeck-luftmessung-mit-muellwagen"),
    Judged(SYNONYM, "Anliegenmanagement", "maengel"),
    Judged(SYNONYM, "Mängelmelder", "maengel"),
    Judged(SYNONYM, "ältere Menschen", "senioren digitallotse"),
    Judged(SYNONYM, "künstliche Intelligenz", "ki"),
    Judged(SYNONYM, "maschinelles Lernen", "ki"),
    Judged(SYNONYM, "Augmented Reality", "ar", "vr"),
    Judged(SYNONYM, "Überschwemmung", "hochwasser"),
    Judged(SYNONYM, "Bürgerbeteiligung", "beteiligung buergerrat", "ideenwettbewerb mobilrathaus"),
    Judged(
        SYNONYM,
        "E-Mobilität",
        "ladesaeule",
        "mobilstation carsharing rufbus zwoenitz-erzmobil autonom",
    ),
    Judged(
        SYNONYM,
        "Fahrradverkehr",
        "rad ampel fuss",
        "sharing mobilstation potsdam-aktionsraum-bahnhof detmold-nudging-von-nachhaltigem-mobilitaetsverhalten",
    ),
    Judged(SYNONYM, "Fernmedizin", "telemedizin", "gesundheit"),
    Judged(SYNONYM, "Abfallentsorgung", "muell fuellstand"),
    Judged(
        SYNONYM,
        "Laternen",
        "strassenlampe",
        "solingen-open-smartcity-hub-urbane-datenplattform landkreis-mayen-koblenz-mitmachlabor-und-ideenwettbewerbe",
    ),
    Judged(SYNONYM, "Fußgängerzählung", "passanten fuss"),
    # Kinds of things, and what things are kinds of.
    Judged(
        NARROWER,
        "Mitfahrbank",
        "mitfahren",
        "rufbus bus shuttle zwoenitz-erzmobil sharing carsharing mobilstation",
    ),
    Judged(
        NARROWER,
        "Katastrophenschutz",
        "katastrophe hochwasser feuerwehr fruehwarn stromausfall",
        "pegel",
    ),
    Judged(
        NARROWER,
        "Umweltmessung",
        "umweltdaten klimadaten luft wetter bodenfeuchte",
        "pegel baum sensorallgemein",
    ),
    Judged(NARROWER, "Wearable Assistenzsystem für Senioren", "smarthome senioren sturz"),
    Judged(
        NARROWER,
        "Elektromobilität",
        "ladesaeule",
        "mobilstation carsharing rufbus zwoenitz-erzmobil autonom",
    ),
    Judged(
        NARROWER, "Naturschutz", "baum bienen wald wasserqual", "klimadaten bewaesserung trocken"
    ),
    Judged(NARROWER, "immersive Technik", "vr ar"),
    Judged(NARROWER, "Energiewende", "energie solar waerme", "energieverbrauch co2"),
    Judged(
        NARROWER,
        "Nahverkehr",
        "oepnv bus rufbus mobilstation",
        "kielregion-datenplattform-mobility-live-access-mla-mit-mobillive autonom",
    ),
    Judged(
        NARROWER, "Bürgerservice", "buergerbuero terminbuchung", "mobilrathaus maengel stadtapp"
    ),
    Judged(NARROWER, "Klimasensor", "klimadaten wetter"),
    Judged(NARROWER, "Barrierefreiheit", "barriere inklusion"),
    # Slips.
    Judged(TYPO, "digitaler zwiling", "zwilling"),
    Judged(TYPO, "Hochwaser", "hochwasser"),
    Judged(TYPO, "Telemedezin", "telemedizin", "gesundheit"),
    Judged(TYPO, "Datenplatform", "datenplattform"),
    Judged(TYPO, "Lorawahn", "lorawan"),
    Judged(TYPO, "Feurwehr", "feuerwehr"),
    Judged(
        TYPO,
        "Winterdinst",
        "winterdienst",
        "dortmund-schwerte-wetterstationen-in-allen-stadtteilen-schwerte",
    ),
    Judged(TYPO, "Leehrstand", "leerstand"),
    Judged(
        TYPO,
        "Straßenbeleuchtug",
        "strassenlampe",
        "solingen-open-smartcity-hub-urbane-datenplattform landkreis-mayen-koblenz-mitmachlabor-und-ideenwettbewerbe",
    ),
    Judged(TYPO, "Parkplaz", "parken"),
    Judged(TYPO, "Bewässerrung", "bewaesserung"),
    Judged(TYPO, "Sensorick", "sensorallgemein"),
    Judged(TYPO, "Beteilgung", "beteiligung buergerrat", "ideenwettbewerb mobilrathaus"),
    Judged(
        TYPO,
        "Bibliotek",
        "bibliothek",
        "dortmund-schwerte-makerspace-im-dortmunder-u konstanz-innenstadt-von-morgen-pfalzgarten",
    ),
    Judged(
        TYPO,
        "Cilmaanpassung",
        "hitze schwamm baum hochwasser klimadaten",
        "5-fuer-suedwestfalen-buergerwolke-soest halle-saale-hal-plan trocken bewaesserung kempten-klimaschule",
        projects="theme:klimaschutz-anpassung",
    ),
    # Questions.
    Judged(QUESTION, "Wer hat schon einen digitalen Zwilling?", "zwilling"),
    Judged(QUESTION, "Was kostet eine Stadt-App?", "stadtapp app"),
    Judged(QUESTION, "Wer misst die Bodenfeuchte an Bäumen?", "bodenfeuchte baum"),
    Judged(QUESTION, "Wie warnen andere vor Hochwasser?", "fruehwarn hochwasser pegel"),
    Judged(QUESTION, "Gibt es einen Mängelmelder als Open Source?", "maengel", "app stadtapp"),
    Judged(QUESTION, "Welche Kommunen nutzen Chatbots?", "chatbot", "ki"),
    Judged(QUESTION, "Wie kann man Leerstand bekämpfen?", "leerstand"),
    Judged(QUESTION, "Wer hat einen autonomen Bus getestet?", "autonom", "bus"),
    Judged(QUESTION, "Was hilft älteren Menschen beim Smartphone?", "senioren digitallotse"),
    Judged(QUESTION, "Wer zählt Passanten in der Innenstadt?", "passanten"),
    Judged(QUESTION, "Wie erkenne ich freie Behindertenparkplätze?", "behindertenpark"),
    Judged(QUESTION, "Wer nutzt LoRaWAN für Pegel?", "pegel lorawan"),
    Judged(QUESTION, "Gibt es eine App für Touristen?", "tourismus app"),
    Judged(QUESTION, "Wo kann man Coworking auf dem Land finden?", "coworking"),
    Judged(QUESTION, "Wer beteiligt Jugendliche mit Minecraft?", "minecraft"),
    Judged(
        QUESTION,
        "Wie spart man Strom bei der Straßenbeleuchtung?",
        "strassenlampe",
        "solingen-open-smartcity-hub-urbane-datenplattform landkreis-mayen-koblenz-mitmachlabor-und-ideenwettbewerbe",
    ),
    Judged(QUESTION, "Wer hat Erfahrung mit CONSUL?", "consul"),
    Judged(QUESTION, "Wie messen Städte die Luftqualität?", "luft"),
    Judged(QUESTION, "Wer betreibt ein Rathaus auf Rädern?", "mobilrathaus"),
    Judged(QUESTION, "Wie hilft Digitalisierung der Feuerwehr?", "feuerwehr katastrophe"),
    Judged(QUESTION, "Was tun gegen Hitze in der Stadt?", "hitze"),
    Judged(
        QUESTION,
        "Wie kommt man ohne Auto aufs Dorf?",
        "rufbus mitfahren bus mobilstation dorf carsharing zwoenitz-erzmobil",
        "parken oepnv detmold-nudging-von-nachhaltigem-mobilitaetsverhalten kaiserslautern-wegesuche-fuer-mobilitaetseingeschraenkte-menschen",
    ),
    Judged(QUESTION, "Welche Städte haben offene Daten?", "opendata"),
    Judged(QUESTION, "Wer überwacht Brücken mit Sensoren?", "bruecke"),
    Judged(QUESTION, "Wie geht Bürgerbeteiligung bei der Stadtplanung?", "beteiligung stadtplan"),
    Judged(QUESTION, "Welche Gemeinden haben Telemedizin?", "telemedizin", "gesundheit"),
    Judged(
        QUESTION,
        "Wer streut nur, wo es glatt ist?",
        "winterdienst",
        "dortmund-schwerte-wetterstationen-in-allen-stadtteilen-schwerte",
    ),
    Judged(QUESTION, "Wie findet man Räume für Vereine?", "raumbuchung vereine", "leerstand"),
    Judged(QUESTION, "Wer hat Mülleimer mit Füllstandssensoren?", "fuellstand muell"),
    Judged(QUESTION, "Wie macht man ein Museum digital?", "museum rundgang", "vr ar geschichte"),
    Judged(
        QUESTION,
        "Wer lenkt Besucherströme?",
        "digifuehr",
        "tourismus passanten gelsenkirchen-open-innovation-lab",
    ),
    # Words of the field, as they stand in strategies, calls for tenders and council papers.
    Judged(FIELD, "Hochwasser", "hochwasser"),
    Judged(FIELD, "Hochwasserschutz", "hochwasser fruehwarn pegel"),
    Judged(FIELD, "Starkregen", "hochwasser schwamm"),
    Judged(FIELD, "Sturzflut", "hochwasser"),
    Judged(FIELD, "Pegelstand", "pegel"),
    Judged(FIELD, "Pegelmessung", "pegel", "landkreis-wunsiedel-lorawan-ausbau"),
    Judged(FIELD, "Stadtbaum", "baum"),
    Judged(FIELD, "Baumbewässerung", "baum bewaesserung bodenfeuchte"),
    Judged(
        FIELD,
        "Gieß den Kiez",
        "guetersloh-baum-plattform-nach-dem-vorbild-giess-den-kiez",
        "bewaesserung baum koeln-cologne-cultivators-app-fuer-beetpatenschaften",
    ),
    Judged(FIELD, "Bodenfeuchte", "bodenfeuchte"),
    Judged(FIELD, "Bewässerung", "bewaesserung bodenfeuchte"),
    Judged(FIELD, "Trockenstress", "trocken", "bodenfeuchte baum"),
    Judged(FIELD, "Hitze", "hitze"),
    Judged(FIELD, "Hitzeinsel", "hitze"),
    Judged(FIELD, "kühle Orte", "potsdam-cooling-points muenster-klimastadt", "hitze"),
    Judged(FIELD, "Schwammstadt", "schwamm"),
    Judged(
        FIELD,
        "Regenwasser",
        "schwamm hochwasser",
        "bochum-sensorik-in-teichen-und-regenrueckhaltebecken",
    ),
    Judged(FIELD, "Zisterne", "schwamm"),
    Judged(FIELD, "Klimadaten", "klimadaten wetter"),
    Judged(FIELD, "Stadtklima", "klimadaten hitze"),
    Judged(FIELD, "Wetterstation", "wetter klimadaten wetterlage"),
    Judged(FIELD, "Luftqualität", "luft"),
    Judged(FIELD, "Feinstaub", "luft"),
    Judged(FIELD, "Wasserqualität", "wasserqual badesee"),
    Judged(FIELD, "Badesee", "badesee wasserqual"),
    Judged(FIELD, "Freibad", "badesee"),
    Judged(FIELD, "Bienen", "bienen"),
    Judged(FIELD, "Wald", "wald baum"),
    Judged(FIELD, "Müllabfuhr", "muell", "app"),
    Judged(FIELD, "Abfallkalender", "app muell"),
    Judged(
        FIELD,
        "Biotonne",
        "pforzheim-ki-erkennung-an-biotonnen muenster-abfallfreie-quartiere",
        "muell",
    ),
    Judged(FIELD, "Mülleimer", "muell fuellstand"),
    Judged(FIELD, "Füllstandssensoren", "fuellstand muell"),
    Judged(FIELD, "Reparatur", "reparatur", "potsdam-aktionsraum-bahnhof teilen"),
    Judged(FIELD, "Leihen und tauschen", "teilen reparatur sharing", "wuerzburg-heldenhelfer"),
    Judged(
        FIELD, "Kreislaufwirtschaft", "reparatur", "muell schwamm bamberg-raum-und-materiallotse"
    ),
    Judged(
        FIELD,
        "Winterdienst",
        "winterdienst",
        "dortmund-schwerte-wetterstationen-in-allen-stadtteilen-schwerte",
    ),
    Judged(
        FIELD,
        "Straßenlaterne",
        "strassenlampe",
        "solingen-open-smartcity-hub-urbane-datenplattform landkreis-mayen-koblenz-mitmachlabor-und-ideenwettbewerbe",
    ),
    Judged(
        FIELD,
        "LED-Beleuchtung",
        "strassenlampe",
        "solingen-open-smartcity-hub-urbane-datenplattform landkreis-mayen-koblenz-mitmachlabor-und-ideenwettbewerbe",
    ),
    Judged(FIELD, "Energiemonitoring", "energieverbrauch energie"),
    Judged(FIELD, "Energie sparen", "energieverbrauch energie", "strassenlampe"),
    Judged(FIELD, "Photovoltaik", "solar"),
    Judged(FIELD, "Solarstrom", "solar"),
    Judged(FIELD, "Wärmeplanung", "waerme", "energie zwilling"),
    Judged(FIELD, "Fernwärme", "waerme"),
    Judged(
        FIELD,
        "virtuelles Kraftwerk",
        "smart-region-auf-virtuelles-kraftwerk",
        "dresden-sektorenkopplung-im-quartier smart-region-auf-energiezukunft-fuchstal",
    ),
    Judged(FIELD, "Stromausfall", "stromausfall"),
    Judged(FIELD, "Blackout", "stromausfall"),
    Judged(FIELD, "Notruf", "notruf feuerwehr", "katastrophe stromausfall sturz"),
    Judged(FIELD, "Feuerwehr", "feuerwehr"),
    Judged(
        FIELD, "Löschwasser", "landkreis-hof-sensorik-fuer-glaette-und-loeschwasser", "feuerwehr"
    ),
    Judged(FIELD, "Krisenkommunikation", "katastrophe stromausfall"),
    Judged(
        FIELD, "Lagebild", "katastrophe pegel feuerwehr", "guben-plattform-smarte-gefahrenabwehr"
    ),
    Judged(FIELD, "Parken", "parken"),
    Judged(FIELD, "Parksensoren", "parken"),
    Judged(FIELD, "Behindertenparkplatz", "behindertenpark"),
    Judged(FIELD, "Parkraummanagement", "parken"),
    Judged(FIELD, "Ladesäule", "ladesaeule"),
    Judged(
        FIELD,
        "Verkehrszählung",
        "verkehrszaehl passanten",
        "cottbus-digitale-verkehrszaehlung-und-verkehrsmodell rad paderborn-energie-und-verkehrsdatenplattform mannheim-verkehrsdatenbank",
    ),
    Judged(
        FIELD,
        "Verkehrssteuerung",
        "verkehrszaehl ampel",
        "osnabrueck-digitaler-zwilling regensburg-reallabor-urbaner-raum kielregion-datenplattform-mobility-live-access-mla-mit-mobillive mannheim-verkehrsdatenbank",
    ),
    Judged(
        FIELD,
        "Ampel",
        "ampel",
        "guetersloh-sensoren-an-wendehaemmern-und-sackgassen potsdam-bodenfeuchtesensoren-an-stadtbaeumen",
    ),
    Judged(FIELD, "grüne Welle", "ampel rad"),
    Judged(FIELD, "Radverkehr", "rad ampel fuss"),
    Judged(FIELD, "Fahrradzählung", "rad verkehrszaehl passanten"),
    Judged(
        FIELD,
        "Lastenrad",
        "sharing",
        "mobilstation detmold-nudging-von-nachhaltigem-mobilitaetsverhalten barleben-digitalwerkstatt-villa147",
    ),
    Judged(FIELD, "Carsharing", "carsharing", "mobilstation"),
    Judged(FIELD, "Mobilitätsstation", "mobilstation"),
    Judged(FIELD, "Bürgerbus", "rufbus bus shuttle zwoenitz-erzmobil mitfahren", "autonom oepnv"),
    Judged(FIELD, "Shuttle", "shuttle rufbus zwoenitz-erzmobil", "autonom bus"),
    Judged(FIELD, "autonomes Fahren", "autonom"),
    Judged(FIELD, "Mitfahren", "mitfahren", "rufbus shuttle"),
    Judged(
        FIELD,
        "Fahrgastinformation",
        "bus halle-saale-integrierte-mobilitaet-mit-auslastungssensorik",
        "oepnv kielregion-datenplattform-mobility-live-access-mla-mit-mobillive stelen",
    ),
    Judged(FIELD, "Pendler", "pendler mitfahren coworking"),
    Judged(FIELD, "digitaler Zwilling Stadtplanung", "zwilling stadtmodell stadtplan"),
    Judged(FIELD, "3D-Stadtmodell", "stadtmodell zwilling"),
    Judged(FIELD, "Bauleitplanung", "bauantrag stadtplan", "zwilling stadtmodell"),
    Judged(FIELD, "Datenplattform", "datenplattform"),
    Judged(FIELD, "urbane Datenplattform", "datenplattform udp"),
    Judged(
        FIELD,
        "Datenkatalog",
        "freiburg-datenkatalog wuppertal-semantischer-datenkatalog-auf-solid-basis opendata",
    ),
    Judged(FIELD, "offene Daten", "opendata"),
    Judged(FIELD, "Data Governance", "datengov"),
    Judged(FIELD, "Datenstrategie", "datengov", "datenplattform"),
    Judged(FIELD, "FIWARE", "fiware", "datenplattform"),
    Judged(FIELD, "Dashboard", "dashboard"),
    Judged(FIELD, "Geoportal", "gis", "zwilling stadtmodell"),
    Judged(FIELD, "Sensornetz", "sensorallgemein lorawan"),
    Judged(FIELD, "öffentliches WLAN", "wlan", "wlanzaehl kielregion-beteiligungstoolbox"),
    Judged(FIELD, "Glasfaser", "breitband"),
    Judged(FIELD, "Chatbot", "chatbot", "ki"),
    Judged(
        FIELD,
        "Bilderkennung",
        "ki verkehrszaehl",
        "kaiserslautern-city-information-modeling-digitaler-zwilling",
    ),
    Judged(FIELD, "Drohne", "drohne"),
    Judged(FIELD, "Roboter", "roboter"),
    Judged(FIELD, "VR-Brille", "vr", "ar"),
    Judged(FIELD, "virtueller Rundgang", "rundgang", "vr"),
    Judged(FIELD, "QR-Code", "qr"),
    Judged(FIELD, "Stadt-App", "stadtapp app"),
    Judged(FIELD, "Bürgerapp", "app stadtapp"),
    Judged(
        FIELD,
        "Terminbuchung",
        "terminbuchung app",
        "muehlhausen-datenplattform-mit-buergerdashboard",
    ),
    Judged(FIELD, "Bürgerterminal", "buergerbuero"),
    Judged(FIELD, "digitales Rathaus", "buergerbuero mobilrathaus", "app terminbuchung stadtapp"),
    Judged(FIELD, "mobiles Rathaus", "mobilrathaus buergerbuero"),
    Judged(FIELD, "Infomobil", "mobilrathaus"),
    Judged(FIELD, "Bürgerrat", "buergerrat", "beteiligung"),
    Judged(
        FIELD,
        "Bürgerhaushalt",
        "haushalt",
        "beteiligung buergerrat gelsenkirchen-sensornetz-fuer-umweltdaten",
    ),
    Judged(FIELD, "Beteiligungsplattform", "beteiligung consul"),
    Judged(FIELD, "Ideenwettbewerb", "ideenwettbewerb"),
    Judged(FIELD, "Crowdfunding", "crowd", "ideenwettbewerb"),
    Judged(FIELD, "Ehrenamt", "ehrenamt vereine"),
    Judged(FIELD, "Vereine", "vereine ehrenamt"),
    Judged(FIELD, "Veranstaltungskalender", "veranstaltungskal", "app stadtapp"),
    Judged(FIELD, "Jugendliche beteiligen", "jugend", "beteiligung schule makerspace"),
    Judged(FIELD, "Kinder", "jugend schule"),
    Judged(FIELD, "Ferienprogramm", "ferien", "jugend"),
    Judged(FIELD, "Schule", "schule", "jugend"),
    Judged(FIELD, "Makerspace", "makerspace druck3d"),
    Judged(FIELD, "Stadtlabor", "stadtlabor"),
    Judged(FIELD, "Reallabor", "stadtlabor"),
    Judged(FIELD, "Digitallotsen", "digitallotse"),
    Judged(
        FIELD,
        "digitale Teilhabe",
        "digitaleteilhabe digitallotse senioren",
        "barriere inklusion mobilrathaus",
    ),
    Judged(FIELD, "Pflege", "pflege senioren"),
    Judged(FIELD, "Demenz", "sturz", "senioren pflege smarthome"),
    Judged(
        FIELD,
        "Einsamkeit",
        "einsam",
        "senioren landkreis-giessen-social-hubs regensburg-soziale-begegnungsraeume",
    ),
    Judged(FIELD, "Telemedizin", "telemedizin", "gesundheit"),
    Judged(FIELD, "Krankenhaus", "krankenhaus", "gesundheit"),
    Judged(FIELD, "Gesundheit", "gesundheit pflege"),
    Judged(FIELD, "Leerstand", "leerstand"),
    Judged(
        FIELD,
        "Innenstadt beleben",
        "innenstadt leerstand kaiserslautern-stadt-raum-wir passanten grevesmuehlen-grevesmuehlen-karte",
        " regensburg-labor-der-kreativen-koepfe",
    ),
    Judged(
        FIELD, "Nahversorgung", "nahversorgung lebensmittel", "grevesmuehlen-grevesmuehlen-karte"
    ),
    Judged(FIELD, "Dorfladen", "nahversorgung lebensmittel", "grevesmuehlen-grevesmuehlen-karte"),
    Judged(FIELD, "Gründerzentrum", "gruendung", "coworking"),
    Judged(
        FIELD, "Fachkräfte", "jobs", "vorpommern-greifswald-virtuelle-lernwelten-an-berufsschulen"
    ),
    Judged(FIELD, "Tourismus", "tourismus"),
    Judged(
        FIELD,
        "Wandern",
        "wanderweg tourismus",
        "landkreis-mayen-koblenz-mitmachlabor-und-ideenwettbewerbe",
    ),
    Judged(FIELD, "Welterbe", "welterbe"),
    Judged(FIELD, "Museum", "museum"),
    Judged(FIELD, "Theater", "theater"),
    Judged(FIELD, "Barrierefrei", "barriere inklusion"),
    Judged(FIELD, "Inklusion", "inklusion barriere", "pflege senioren"),
    Judged(FIELD, "Smart Home", "smarthome", "wohnen"),
    Judged(FIELD, "Wohnen im Alter", "senioren wohnen smarthome"),
    Judged(
        FIELD,
        "digitale Stele",
        "stelen",
        "bildschirm detmold-statt-daten-stadtdaten kassel-aurea-sensorik-reallabor",
    ),
    Judged(FIELD, "Rattenfalle", "rattenfallen", "ulm-offenes-lorawan-funknetz"),
    Judged(FIELD, "Friedhof", "friedhof"),
    Judged(FIELD, "Amtsblatt", "amtsblatt", "app"),
    Judged(
        FIELD,
        "Bibliothek",
        "bibliothek",
        "dortmund-schwerte-makerspace-im-dortmunder-u konstanz-innenstadt-von-morgen-pfalzgarten",
    ),
]

JUDGED = [judged._replace(is_held_back=number % 3 == 2) for number, judged in enumerate(_JUDGED)]
