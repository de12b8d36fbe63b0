"""Words that carry no meaning in a search, folded: an own list, with those that questions begin with."""

STOP_WORDS = frozenset(
    """
    aber alle allen aller alles als also am an andere anderen anderer anderes auch auf aus bei
    beim beispiel beispiele benutzt bereits besten bis bitte brauche brauchen da dafuer danke
    dann darf das dass davon dazu dem den denn der deren des dessen die diese dieser dieses
    doch dort duerfen durch ein eine einem einen einer eines eingesetzt einsetzt er es etwas
    eure finden findet fuer gegen gehen geht gemacht gibt gut haben haette hallo hat hatte
    hatten hier ich ihr ihre ihren ihrer im in ins ist jede jeden jeder jedes jemand jemanden
    kann koennen koennte koennten kostet liebsten machen macht man mehr mein meine meiner mit
    moechte moechten muessen muss nach nicht noch nur nutzen nutzt ob oder ohne schon sein seit
    setzt sich sie sind so sollen sollte sollten sowie suche suchen sucht ueber um und uns
    unser unsere unserem unseren unserer unter verwendet viel viele vom von vor waehrend wann
    war waren warum was welche welchem welchen welcher welches wem wen wenn wer werden weshalb
    wie wieso wieviel wir wird wo wobei wofuer woher wohin womit worauf wurde wurden zu zum zur
    zwischen
    """.split()
)
