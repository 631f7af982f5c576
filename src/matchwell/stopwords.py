"""Words too common to say what a question is about, in a few languages.

One set for all of them, since short texts mix languages and their language is hard to tell. Words that mean something
in a neighbouring language are left out (German "war" and "man", French "son"); the weighing by frequency sees to them.
Lower case, accents folded as in `words`.
"""

_ENGLISH = """
a about above after again against all also am an and any are aren as at be because been before being below
between both but by can cannot could couldn d did didn do does doesn doing don down during each else ever
every few for from further get gets getting got had hadn has hasn have haven having he hello her here hers
herself hi him himself his how however i if im in into is isn it its itself ive just let ll m may me might
more most much must my myself no nor not now of off on once one only or other ought our ours ourselves out
over own please re s same shall she should shouldn so some such t than thank thanks that the their theirs them
themselves then there these they this those through to too under until up us ve very was wasn we were weren
what when where which while who whom whose why will with won would wouldn yes yet you your yours yourself
yourselves anyone someone something anything want wanted know
ago already always away back everything first last later lot maybe never new next nothing often old really second
since still thing things third time times today together tomorrow way within without yesterday
two three four five six seven eight nine ten hour hours minute minutes day days week weeks month months year years
come comes coming feel feels go goes going good keep make makes making moved need needs say says think thought try
trying use used using
another answer answered answers ask asked asking become becomes becoming best better deal dealing find finding finds
found give given gives giving handle handles handling help helped helps lose loses losing put puts set sets setting
take taken takes taking tell telling told took whether worth
monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays
weekend weekends
"""

_GERMAN = """
aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis bist bitte
da dabei dadurch dafur damit danke dann daran darauf das dass dazu dein deine dem den denn der deren des
dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines
einige er es etwa etwas euch euer eure fur gegen gibt habe haben hallo hatte hatten ich ihm ihn ihnen ihr ihre
ihrem ihren ihrer im immer in ins ist ja jede jedem jeden jeder jedes jetzt kann kannst kein keine keinen
konnen konnte konnten mal mehr mein meine meinem meinen meiner mich mir mit mochte muss mussen nach nicht
nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit selbst sich sie sind so soll
sollen sollte sollten sondern sonst uber um und uns unser unsere unter viel vom von vor wann warum was weil
welche welchem welchen welcher welches wenn wer werde werden wie wieder will wir wird wo wurde wurden zu zum
zur zwischen
gestern gut gute guten heute letzte letzten machen macht morgen neu neue neuen nie oft schon zeit zwei drei vier funf
sechs sieben acht neun zehn stunde stunden minute minuten tag tage tagen woche wochen monat monate monaten jahr jahre
jahren erste ersten seit gehen geht kommen kommt sagen sagt
besser beste besten bekommen finde finden findet frage fragen gebe geben helfen hilft lohnt lohnen nehme nehmen nimmt
montag montags dienstag dienstags mittwoch mittwochs donnerstag donnerstags freitag freitags samstag samstags sonntag
sonntags wochenende wochenenden
"""

_FRENCH = """
alors au aucun aussi autre aux avec avoir bonjour ce ceci cela ces cet cette comme comment dans de depuis des
du elle elles en est et etait etre eux fait faut il ils je la le les leur leurs lui ma mais mes moi mon ne nos
notre nous ont ou par pas peut pour pourquoi quand que quel quelle quels qui quoi sa sans se ses si sont suis
sur ta tes toi ton tous tout toute tres tu un une vos votre vous
"""

_SPANISH_AND_PORTUGUESE = """
algo al antes ao aos como con cual cuando da das de del desde do donde dos e el ella ellos em en entre era es
esa ese eso esta este esto eu foi fue ha hace hasta hay isso isto la las le lo los mais mas me mi mis muito
muy na nas nao no nos o os ou para pela pelo pero por porque puede puedo pois que quem quiero se sem ser si
sin sobre sou soy su sus sua tambien tambem tener tengo tenho tiene tudo um uma una uno unos voce y ya yo
"""

_ITALIAN_AND_DUTCH = """
anche ai al alla alle che chi ci ciao con cosa da dal dalla dei del della delle di dove e ed gli grazie ha ho
il io la le lei loro ma mi mio nel nella noi non per perche piu puo quale quando questa questo sei si sono su
sul suo tra un una uno vi voi aan als ben bij dan dat de deze die dit door een en er geen had heb hebben heeft
het hij hoe ik in is je kan kunnen maar meer met mijn moet naar niet nog om omdat ook op over te toch tot u
uit van veel voor waar waarom wat we wel werd wie wij wordt zal ze zich zij zijn zo zou
"""

STOP_WORDS: frozenset[str] = frozenset(
    f"{_ENGLISH} {_GERMAN} {_FRENCH} {_SPANISH_AND_PORTUGUESE} {_ITALIAN_AND_DUTCH}".split()
)

# Words that may tell two questions apart, and that nobody would name when asked what a question is about.
_COLOURLESS = """
able actually allow allowed almost although amount appear appears begin begins began begun bit bring brings brought
call called calls certain change changed changes choose chose chosen clear completely consider course current
currently decide decided decides different difficult done easily easy else end ended enough entire especially
exactly example expect expected explain explained extra fact far general generally guess half happen happened
happening happens hard hear heard hold holds held hope hoping idea instead issue issues kept kind know knowing known
knows knew large late later less let lets like liked likely likes little long look looked looking looks main many
mean means meant moment mostly nearly normal offer offered offering offers okay part particular person possible
possibly pretty probably problem problems question questions quite rather real realise realize reason reasons
remember right said same saw see seeing seem seemed seems seen sense show showed showing shown shows similar simple
simply single small somebody somehow someone sometimes soon sort start started starting starts stop stopped stuff
suggest sure tells thinking thinks thoughts topic tried tries turn turned understand usual usually wait waiting
wants well went whole wish wonder wondering word words work worked working works wrong
advance appreciate appreciated cheers dear everybody everyone folks greetings guys hi kindly regards
allein andere anfang anfangen angebot angeboten beginnen beginnt bleiben bleibt brauche brauchen denke denken
eigentlich einfach entscheiden entscheidet erklaren fall fast gehort genau gerade gern gerne gesagt halt halten
horen klar lange lassen lasst liegt meisten mochten moglich natuerlich naturlich passiert probleme richtig sache
sachen schwer sehe sehen statt stehen steht stelle stellen teil uberhaupt verstehe verstehen vielleicht warten weiss
wirklich wissen wollen wollte ziemlich
beste grusse gruss liebe lieber moin morgen tag vorab voraus zusammen
"""

COLOURLESS_WORDS: frozenset[str] = frozenset(_COLOURLESS.split())
