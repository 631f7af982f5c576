"""Words of crisis: when somebody may be about to hurt themselves, help stands before everything else. Pure.

A sign, not a judgement: nothing is stored, nobody is told, the question can still be asked. The patterns name the
wish itself in the first person or near to it, so that "this deadline kills me", "a suicide burn" and "to kill a
process" pass.
"""

import re
import unicodedata
from collections.abc import Iterable

ENGLISH = (
    r"kill(ing)? my\s?self",
    r"(end|ending|take|taking) my (own )?life",
    r"end it all",
    r"(want|wanted|wanting|going|plan|planning|ready|wish|rather|like) to (die|be dead)(?!-)",
    r"(wish|wished) (that )?i (was|were) (dead|never born)",
    (
        r"(do not|don'?t|no longer|not) (want|wish) to (live|be alive|wake up|go on living|exist)( any ?more)?\b"
        r"(?! (in|with|at|near|off|on|here|there|by))"
    ),
    r"(hurt|harm|harming|hurting|cut|cutting) my\s?self\b(?! (short|off|some|out|loose|a slice))",
    r"self[- ]?harm(ing)?\b(?! (policy|policies|prevention|training|awareness|research))",
    r"(i am|i'?m|feel|feeling|am) suicidal",
    r"suicidal (thought|feeling|idea)s?",
    r"(think|thinking|thought|thoughts) (about|of) (my )?(suicide|killing my ?self|ending it)",
    r"(commit|committing|attempt|attempted|by|my own) suicide",
    r"better off (dead|without me)",
    r"no reason to (live|go on living)",
    r"can'?t (live|go on) (like this )?any ?more",
)
GERMAN = (
    r"(mich|mir) (selbst )?(umbringen|umzubringen|töten|das leben (nehmen|zu nehmen))",
    r"bring(e)? mich (selbst )?um",
    r"(nehme|nehm) mir das leben",
    r"(will|möchte|wollte|mag|kann) (einfach )?(nur noch |nicht mehr )?(sterben|tot sein)",
    r"(will|möchte|mag|wollte|kann) (einfach )?(so )?nicht mehr (leben|weiterleben|aufwachen|da sein)",
    r"(wäre|wär) (ich )?(am liebsten |lieber )?(tot|nie geboren)",
    r"(selbstmord|suizid)(gedanken|gefährdet|absichten)",
    r"(an|über) (meinen )?(selbstmord|suizid)\b(?! (bei|von|unter|in der|am arbeitsplatz))",
    r"(selbstmord|suizid) (begehen|zu begehen|machen)",
    r"(mich|mir) (selbst )?(ritzen|verletzen|verletze|ritze|weh ?tun|wehtue)",
    r"(ritze|verletze) mich (selbst|wieder|absichtlich|jeden)",
    r"mein(em)? leben (ein ende|beenden|zu beenden)",
    r"(keinen|kein) (sinn|grund) mehr (zu leben|weiterzuleben|im leben)",
    r"ohne mich (besser dran|wären alle)",
)
FRENCH = (
    r"me suicider",
    r"(veux|voudrais|envie de|préfère) mourir",
    r"(en finir|finir) avec (la|ma) vie",
    r"mettre fin à mes jours",
    r"me (tuer|faire du mal)",
    r"plus envie de vivre",
    r"pensées suicidaires",
)
SPANISH = (
    r"suicidarme|matarme",
    r"(quiero|quisiera|deseo|ganas de) (morir|morirme|estar muert[oa])",
    r"quitarme la vida",
    r"(no quiero|sin ganas de) (seguir )?(vivir|viviendo)\b(?! (en|con|aquí))",
    r"hacerme daño",
    r"pensamientos suicidas",
)
ITALIAN = (
    r"suicidarmi|uccidermi|ammazzarmi",
    r"(voglio|vorrei|voglia di) morire",
    r"togliermi la vita",
    r"farla finita",
    r"non (voglio|vorrei) più vivere\b(?! (in|con|qui))",
    r"farmi (del )?male",
)
PORTUGUESE = (
    r"me (matar|suicidar)|suicidar-me|matar-me",
    r"(quero|queria|vontade de) morrer",
    r"(tirar|acabar com) a minha vida|tirar minha vida",
    r"não quero mais viver\b(?! (em|com|aqui))",
    r"me (machucar|ferir)|magoar-me",
)
POLISH = (
    r"zabić się|zabiję się|się zabić",
    r"chcę (umrzeć|nie żyć)",
    r"nie chcę (już |dłużej )?żyć\b(?! (w|z|tu))",
    r"odebrać sobie życie",
    r"myśli samobójcze|popełnić samobójstwo",
)
TURKISH = (
    r"kendimi öldür\w*",
    r"ölmek istiyorum|yaşamak istemiyorum",
    r"intihar (et\w+|düşün\w+)",
    r"canıma kıy\w+",
)
ARABIC = (
    r"(أريد|اريد|ابغى|أتمنى|اتمنى) (أن )?(أموت|اموت|الموت)",
    r"(أقتل|اقتل) نفسي",
    r"(أنتحر|انتحر|الانتحار|أنهي حياتي|انهي حياتي)",
)
RUSSIAN = (
    r"(хочу|хочется) (умереть|сдохнуть)",
    r"не хочу (больше )?жить\b(?! (в|с|здесь|тут))",
    r"(убить|убью) себя|покончить с (собой|жизнью)",
    r"мысли о (самоубийстве|суициде)",
)
PHRASES: dict[str, Iterable[str]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
    "pl": POLISH,
    "tr": TURKISH,
    "ar": ARABIC,
    "ru": RUSSIAN,
}
_QUOTES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "\u00a0": " "})
_PATTERNS = {tag: re.compile("|".join(rf"\b(?:{p})\b" for p in phrases)) for tag, phrases in PHRASES.items()}


def words(text: str, language: str = "en") -> bool:
    """Return whether this text holds words of crisis, in its language or in English: people mix them."""
    plain = " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).casefold().split())
    spoken = language.partition("-")[0].lower()
    return any(_PATTERNS[tag].search(plain) for tag in dict.fromkeys((spoken, "en")) if tag in _PATTERNS)
