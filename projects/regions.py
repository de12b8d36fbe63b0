"""What people call the parts of Germany that are no administrative unit: „Ruhrgebiet“, „Eifel“, „Oberfranken“.

General geography, by the Regionalschlüssel of the Kreise (or the beginning of it) that belong to each. A
Kreis is only named where most of it does, or where it has all of a small one („Usedom“). No name has „Wald“ or
„Land“ as a word of its own, which would be taken for one; how else they are called („Metropole Ruhr“)
stands in the thesaurus.
"""

from collections.abc import Mapping

REGIONS: Mapping[str, str] = {
    "Norddeutschland": "01 02 03 04 13",
    "Ostdeutschland": "12 13 14 15 16",
    "Süddeutschland": "08 09",
    "Mitteldeutschland": "14713 14729 14730 15002 15082 15084 15088 16052 16053 16077",
    # Schleswig-Holstein, Mecklenburg-Vorpommern
    "Schleiregion": "01001 01059",
    "Westmecklenburg": "13004 13074 13076",
    "Usedom": "13075",
    # Niedersachsen
    "Cuxland": "03352",
    "Emsland": "03454",
    "Harz": "03153 03159 15085 15087 16062",
    "Leinebergland": "03254",
    "Ostfriesland": "03402 03452 03457 03462",
    "Ostniedersachsen": "03101 03102 03103 03151 03154 03157 03158",
    "Solling": "03155 03255",
    "Südniedersachsen": "03155 03159 03255",
    "Wendland": "03354",
    "Weserbergland": "03252 03255 03257 05762",
    # Nordrhein-Westfalen
    "Bergisches": "05120 05122 05124 05374 05378 053820028",
    "Münsterland": "05515 05554 05558 05566 05570",
    "Niederrhein": "05112 05114 05116 05154 05162 05166 05170",
    "Ostwestfalen-Lippe": "05711 05754 05758 05762 05766 05770 05774",
    "Rheinland": "05111 05112 05114 05116 05154 05158 05162 05166 05170 053",
    "Ruhrgebiet": (
        "05112 05113 05117 05119 05170 05512 05513 05562 05911 05913 05914 05915 05916 05954 05978"
    ),
    "Sauerland": "05958 05962 05966",
    "Siegerland": "05970",
    "Südwestfalen": "05958 05962 05966 05970 05974",
    "Teutoburger": "03404 03459 05711 05754 05766",
    # Hessen
    "Mittelhessen": "065",
    "Nordhessen": "06611 06632 06633 06634 06635 06636",
    "Odenwald": "06431 06432 06437 08225",
    "Osthessen": "06535 06631 06632",
    "Rhein-Main": (
        "06411 06412 06413 06414 06432 06433 06434 06435 06436 06438 06439 06440 07315 07339 09661 09671"
    ),
    "Rhön": "06631 09672 09673",
    "Südhessen": "064",
    "Taunus": "06434 06436 06439",
    # Rheinland-Pfalz
    "Eifel": "05366 07131 07135 07137 07231 07232 07233",
    "Hunsrück": "07134 07135 07140",
    "Mittelrhein": "07111 07137 07138 07140 07141",
    "Mosel": "07111 07135 07137 07211 07231 07235",
    "Rheinhessen": "07315 07319 07331 07339",
    "Vorderpfalz": "07311 07314 07318 07338",
    "Westerwald": "07132 07138 07143",
    "Westpfalz": "07312 07317 07320 07333 07335 07336 07340",
    # Saarland
    "Nordsaarland": "10042 10046",
    # Baden-Württemberg
    "Bodensee": "08335 08435 09776",
    "Breisgau": "08311 08315",
    "Donau-Iller": "08421 08425 08426 09774 09775 09778",
    "Hegau": "08335",
    "Kurpfalz": "07314 08221 08222 08226",
    "Nordbaden": "08212 08215 08216 08221 08222 08225 08226 08231 08236",
    "Nordschwarzwald": "08231 08235 08236 08237",
    "Oberrhein": "07334 08211 08212 08215 08216 08311 08315 08316 08317",
    "Oberschwaben": "08426 08436 08437",
    "Ostalb": "08135 08136",
    "Ostwürttemberg": "08135 08136",
    "Rhein-Neckar": "06431 07311 07314 07318 07332 07338 08221 08222 08225 08226",
    "Schwarzwald": "08211 08231 08235 08236 08237 08311 08315 08316 08317 08325 08326 08336 08337",
    "Schwäbische Alb": "08135 08136 08415 08417 08425",
    "Südbaden": "08311 08315 08316 08317 08326 08335 08336 08337",
    # Bayern
    "Allgäu": "09762 09763 09776 09777 09778 09780",
    "Bayerwald": "09272 09275 09276 09372",
    "Chiemgau": "09187 09189",
    "Fichtelgebirge": "09475 09479",
    "Franken": "094 095 096",
    "Frankenwald": "09475 09476 09477",
    "Haßberge": "09674",
    "Lechrain": "09181",
    "Mainfranken": "09662 09663 09672 09673 09674 09675 09677 09678 09679",
    "Mittelfranken": "095",
    "Niederbayern": "092",
    "Oberbayern": "091",
    "Oberfranken": "094",
    "Oberpfalz": "093",
    "Schwaben": "097",
    "Steigerwald": "09471 09575 09675",
    "Unterfranken": "096",
    # Brandenburg
    "Fläming": "12069 12072 15091",
    "Havelland": "12054 12063 12069",
    "Lausitz": "12052 12061 12062 12066 12071 14625 14626",
    "Niederlausitz": "12052 12061 12066 12071",
    "Spreewald": "12061 12066 12071",
    # Sachsen, Sachsen-Anhalt, Thüringen
    "Altmark": "15081 15090",
    "Eichsfeld": "16061",
    "Elbland": "14612 14627 14628",
    "Erzgebirge": "14521 14522",
    "Hainich": "16064",
    "Nordthüringen": "16061 16062 16064 16065",
    "Oberlausitz": "14625 14626",
    "Ostthüringen": "16052 16053 16073 16074 16075 16076 16077",
    "Vogtland": "14523 16076",
}
