"""Turns of phrase that the question coach looks for, in English and German.

Each is matched as whole words in text without case and accents ("möchte" is "mochte" here); `*` stands for the rest of
a word, `...` for up to three words between.
"""

import re
from dataclasses import dataclass


def phrases(text: str) -> re.Pattern[str]:
    """Return what finds any of the lines of a list."""
    return re.compile("|".join(_as_pattern(line) for line in text.strip().splitlines()))


def _as_pattern(line: str) -> str:
    inner = re.escape(line.strip()).replace(r"\*", r"\w*").replace(r"\ \.\.\.\ ", r"(?:\s+\S+){0,3}?\s+")
    return rf"(?<!\w){inner.replace(chr(92) + ' ', chr(92) + 's+')}(?!\w)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrases:
    """What a language says when it is broad, has a goal, gives context, or wishes for a kind of talk."""

    broad: re.Pattern[str]
    goal: re.Pattern[str]
    context: re.Pattern[str]
    another: re.Pattern[str]
    quick: re.Pattern[str]
    review: re.Pattern[str]
    practise: re.Pattern[str]
    written: re.Pattern[str]
    see: re.Pattern[str]
    speak: re.Pattern[str]


_ENGLISH = Phrases(
    broad=phrases("""
everything about
all about
anything about
tell me about
any advice
any tips
some advice
some tips
how do i become
how to become
how can i become
how do i learn
how to learn
how do i get into
how to get into
how to be successful
how do i start
where do i start
where do i begin
what should i do with my life
what is the best
what's the best
i need help
help me please
in general
"""),
    goal=phrases("""
how
which
should i
can i
could i
want
i'd like
would like
need to
goal
aim
so that
in order to
to decide
decide
decision
choose
help me
trying to
try to
looking for
prepare*
plan to
planning to
figure out
improve
avoid
"""),
    context=phrases("""
about me
i am
i'm
im
i have
i've
i had
i was
i work
i live
i study
i tried
i run
i use
i teach
i manage
i got
i moved
i started
my
we are
we're
we have
our
as a
as an
currently
at the moment
for ... years
for ... months
since
years of
after ... years
tried
so far
"""),
    another=phrases("""
another question
second question
also, *
and also
besides that
on top of that
"""),
    quick=phrases("""
quick question
quick one
quickly
yes or no
short question
one small question
just wondering
"""),
    review=phrases("""
review
feedback
look over
look at my
read my
cv
resume
cover letter
portfolio
draft
pitch
proposal
"""),
    practise=phrases("""
mock interview
practise
practice
role play
rehearse
walk me through
walk through
pair with
pair program*
debug ... together
step by step
"""),
    written=phrases("""
no hurry
no rush
not urgent
whenever
in writing
written answer
by mail
by email
"""),
    see=phrases("""
show you
show me
share my screen
screen
portfolio
slides
demo
mock interview
pair with
pair program*
sketch
design
whiteboard
drawing
"""),
    speak=phrases("""
talk
talk about
call
conversation
conflict
nervous
afraid
scared
feel*
burnout
burned out
negotiat*
salary
quit
resign
boss
"""),
)

_GERMAN = Phrases(
    broad=phrases("""
alles uber
erzahl* mir
irgendwelche tipps
irgendeinen rat
hat jemand tipps
habt ihr tipps
ein paar tipps
wie werde ich
wie wird man
wie lerne ich
wie lernt man
wie fange ich
wo fange ich
womit fange ich
was soll ich mit meinem leben
was ist das beste
was ist die beste
was ist der beste
ich brauche hilfe
im allgemeinen
allgemein
"""),
    goal=phrases("""
wie
welche*
soll ich
sollte ich
kann ich
konnte ich
will
mochte
wurde gern*
ziel
damit ich
um ... zu
entscheid*
helft mir
hilf mir
versuche
suche
vorbereit*
plane
verbesser*
vermeid*
herausfinden
brauche
"""),
    context=phrases("""
uber mich
ich bin
ich habe
ich hab
ich hatte
ich war
ich arbeite
ich lebe
ich wohne
ich studiere
ich lerne
ich leite
ich nutze
mein*
wir sind
wir haben
unser*
als
derzeit
momentan
zurzeit
aktuell
seit
nach ... jahren
jahre
versucht
bisher
"""),
    another=phrases("""
noch eine frage
zweite frage
weitere frage
ausserdem
und dann noch
"""),
    quick=phrases("""
kurze frage
kurz gefragt
schnelle frage
ja oder nein
nur kurz
"""),
    review=phrases("""
feedback
ruckmeldung
durchsehen
durchlesen
gegenlesen
anschauen
lebenslauf
anschreiben
bewerbungsunterlagen
portfolio
entwurf
konzept
"""),
    practise=phrases("""
probegesprach
ubungsgesprach
uben
durchspielen
proben
schritt fur schritt
gemeinsam durchgehen
zusammen durchgehen
rollenspiel
"""),
    written=phrases("""
keine eile
nicht eilig
eilt nicht
schriftlich
per mail
irgendwann
"""),
    see=phrases("""
zeigen
bildschirm
portfolio
folien
probegesprach
entwurf
zeichnung
skizze
gestaltung
"""),
    speak=phrases("""
sprechen
reden
telefonieren
anrufen
gesprach
konflikt
nervos
angst
gefuhl*
burnout
gehalt*
verhandel*
kundig*
chef*
"""),
)

BY_LANGUAGE = {"en": _ENGLISH, "de": _GERMAN}
