"""Names of firms as they are compared: one normal form without case, accents, punctuation and legal form; and how near
two of them are. Nothing is transliterated: a name in another script is another name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from geoecon import countries
from geoecon.errors import InputError

NEAR = 0.7  # overlap from which two names count as near (measured: some 8 false alarms in 2,000 names)
LONG = 6  # letters from which one letter may differ
PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "public joint stock company", "open joint stock company", "closed joint stock company", "joint stock company",
        "limited liability company", "limited liability partnership", "public limited company",
        "federal state unitary enterprise", "kabushiki kaisha", "anonim sirketi", "limited sirketi",
        "sociedad anonima", "societe anonyme", "sp z o o", "s a r l", "sdn bhd",
        "gesellschaft mit beschrankter haftung", "societe a responsabilite limitee", "naamloze vennootschap",
        "besloten vennootschap", "societa per azioni", "sociedad de responsabilidad limitada", "akciova spolecnost",
        "spolka akcyjna", "spolka z ograniczona odpowiedzialnoscia", "uzdaroji akcine bendrove", "akcine bendrove",
        "open joint stock", "public joint stock", "closed joint stock", "joint stock", "limited liability",  # cut short
    )
)  # fmt: skip
STARTS = frozenset(phrase[0] for phrase in PHRASES)
FORMS = frozenset(
    word
    for line in (
        "co company corp corporation inc incorporated ltd limited llc llp lp plc gmbh ag kg kgaa sa sas sarl srl spa",
        "mbh aktiengesellschaft aktiebolag aktieselskab osakeyhtio",
        "bv nv oy oyj ab as asa aps oao ooo zao pao ao jsc ojsc cjsc pjsc fsue fgup spzoo kft zrt doo dd ead eood bhd",
        "sdn pte pty pvt private pt tbk ltda lda sl slu fze fzco fzc fzllc wll kk yk gk coltd colimited companylimited",
        "companyltd pteltd ptyltd pvtltd privatelimited sdnbhd ltdco llcco оао ооо зао пао ао фгуп",
    )
    for word in line.split()
)
FILLERS = frozenset(("and", "the", "of", "messrs"))
BRANCHES = frozenset(("branch", "office", "headquarters", "hq", "subsidiary", "warehouse", "plant", "factory", "works",
                      "division"))  # fmt: skip
SHORT = {
    "tech": "technology technologies technical", "ind": "industries industry industrial", "inds": "industries",
    "indus": "industries industry industrial",
    "indl": "industrial", "sys": "systems system", "aero": "aerospace aeronautics", "mfg": "manufacturing",
    "natl": "national", "intl": "international", "dev": "development", "eng": "engineering", "engg": "engineering",
    "labs": "laboratories", "lab": "laboratory", "svcs": "services", "svc": "service", "inst": "institute",
    "univ": "university", "elec": "electronics electronic electric", "sci": "science", "res": "research",
    "shpg": "shipping", "grp": "group", "dept": "department", "defence": "defense",
    "centre": "center", "centres": "centers",
}  # fmt: skip
COMMON = """japan china korea taiwan america american european united national general applied advanced global
international pacific first new modern universal system systems defense aerospace technology research"""
# words behind a firm's name that make no other firm of it
BUSINESS = """trading shipping logistics import export imports exports group holding holdings sales services service
industries industry technology technologies electronics engineering manufacturing international global europe asia
america usa uk japan china korea germany deutschland pacific division distribution supply procurement systems"""
SMALL = frozenset(("and", "the", "of", "for", "in", "de", "et", "und", "y"))
# legal forms that only one country's firms, or those of one law, carry: a name with another is another firm's
NATIONAL = (frozenset(["inc", "incorporated", "corp", "corporation"]), frozenset(("plc",)),
            frozenset(["gmbh", "mbh", "ag", "aktiengesellschaft", "kgaa"]), frozenset(("bv", "nv")),
            frozenset(("sarl", "sas")), frozenset(("spa", "srl")), frozenset(["oy", "oyj", "ab", "aps"]))  # fmt: skip
CJK_FORMS = re.compile(
    "股份有限责任公司|股份有限公司|有限责任公司|有限責任公司|股份公司|有限公司|株式会社|有限会社|合同会社|合資会社|合资会社|"
    "주식회사|유한회사|유한책임회사|\\(株\\)|\\(有\\)|\\(주\\)|\\(유\\)|公司"
)
MILITARY = re.compile(
    r"\b((ministry|department|secretariat) of (national )?defen[cs]e|self defen[cs]e forces?|armed forces|bundeswehr|"
    r"people'?s liberation army|"
    r"(royal|national|imperial|u\.?s\.?|united states|russian|indian|chinese|korean) (army|navy|air force)|"
    r"(department|ministry) of war|acquisition,? technology,? (and|&) logistics agency|"
    r"defen[cs]e acquisition program administration|"
    r"(u\.?s\.?|united states) (marine corps|space force|coast guard|\w+ command)|national guard( bureau)?|"
    r"special operations command|corps of engineers|joint base \w+|(missile )?defen[cs]e [\w ]{0,40}agency|"
    r"(army|naval|navy|air force|marine corps|military) ([\w]+ ){0,3}(laboratory|cent(er|re)|command|academy|arsenal|"
    r"depot|base|station|shipyard|school|university|institute|fleet|headquarters|agency)|"
    r"(redstone|picatinny|rock island|watervliet|pine bluff) arsenal)\b|"
    r"^(the )?(pentagon|atla|usaf|usmc|uscg|ussf|dod|darpa|navsea|navair|socom|jsdf|jmsdf|jgsdf|jasdf|dapa|plaaf|"
    r"fort (bragg|liberty|hood|cavazos|benning|moore|campbell|bliss|carson|riley|sill|stewart|drum|belvoir|meade|"
    r"detrick|huachuca|knox|irwin|polk|johnson|novosel|eisenhower|gordon|leonard wood))$|"
    "防衛装備庁|防衛大学校|방위사업청|自衛隊|防衛省|国防部|国防省|國防部|解放军|解放軍|국방부|국방과학연구소|육군|해군|공군"
)
ROLE = (
    r"(?:(?:ultimate|intermediate|final|actual) )?"
    r"(?:consignee|consignor|end[ -]?user|notify(?: party)?|(?:sold|ship(?:ped)?|bill(?:ed)?|deliver(?:ed)?)[ -]to)s?"
)
ROLE_BEFORE_COLON = r"user|buyer|purchaser|customer|importer|(?:freight )?forwarder|agent|broker|bank|recipient"
BETWEEN = (
    r"on behalf of|for (?:the )?account of|acting for|in care of|care of|c/o|trading as|doing business as|via|"
    r"formerly(?: known as)?|also known as|[anf]\.?/?k\.?/?a\.?|d\.?/?b\.?/?a\.?"
)
ROLES_CJK = (
    "收货人|收貨人|最终用户|最終用戶|最终使用者|荷受人|最終需要者|需要者|エンドユーザー|"
    "买方|買方|买受人|수하인|최종사용자|구매자"
)
SEVERAL = re.compile(
    rf";|\n|\s/\s|(?:^|(?<=[\s,.(/]))(?:{ROLE}|{ROLE_BEFORE_COLON})\s*[:=]|"
    rf"(?:^|(?<=[,.(/])\s*|\band\s+){ROLE}(?:\s+is)?\s+(?!of\b)(?=\S)|,\s*{ROLE}$|"
    rf"(?<=\S)[\s,(]+(?:{BETWEEN}):?\s+|(?:{ROLES_CJK})\s*[:：=、は]?",
    re.IGNORECASE,
)
HINTS = (";", "\n", "/", ":", "=", "consign", "user", "notify", "sold", "ship", "bill", "deliver", "behalf", "account",
         "acting", "care", "trading as", "business as", "via", "known", "formerly", "aka", "nka", "fka",
         "dba")  # without one of these a name in Latin letters is one  # fmt: skip
INITIALS = r"\b((?:\w\.){2,}|(?:\w\.)+\w)(?=\W|$)"
PARTED = re.compile(r"[,;、，]|\s[-–]\s|[(（]|\b(?:attn|attention|tel|phone|fax|address|addr)\b[.:]?", re.IGNORECASE)
JOINED = re.compile(r"\s(?:for|and|und|et|by|with|[&+])\s", re.IGNORECASE)  # between the names of two firms
FOR = re.compile(r"\sfor\s", re.IGNORECASE)  # between the name of a buyer and that of the user
BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")
ACRONYM = re.compile(r"[(\[（【]\s*([A-Z0-9&. -]{2,12})\s*[)\]）】]")
JAPANESE = ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH")
APOSTROPHES = str.maketrans("", "", "'`’‘ʼ´\"“”")


@cache
def variants() -> Mapping[int, str]:
    """Chinese characters as Japan and Taiwan write them, to the simplified ones: rows of `characters.csv`, a choice."""
    text = (files("geoecon") / "law" / "regimes" / "characters.csv").read_text(encoding="utf-8")
    return str.maketrans(dict(line.split(",") for line in text.split()[1:]))


@lru_cache(maxsize=400_000)
def military(name: str) -> bool:
    """Whether a name says by itself that it is one of armed forces or of the office over them."""
    return (
        MILITARY.search(" ".join(unicodedata.normalize("NFKC", name).casefold().replace("-", " ").split())) is not None
    )


def several(name: str) -> list[str]:
    """The names of a text that holds several: apart by ; or by lines, by their role (consignee, end user), by one in
    care of another. A text of one name is that name without its role."""
    return list(_several(name))


@lru_cache(maxsize=400_000)
def _several(name: str) -> tuple[str, ...]:
    plain = name.isascii() and not any(map(name.lower().replace(".", "").__contains__, HINTS))
    found = [part.strip(" ,，、/(") for part in ([name] if plain else SEVERAL.split(name))]
    return tuple(part.removesuffix("" if "(" in part else ")") for part in found if part) or (name,)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in normal form; of a name that is nothing but a legal form, the words as written."""
    return _words(name)


@lru_cache(maxsize=400_000)
def _words(name: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", name).casefold()
    if not text.isascii():
        text = text.translate(variants())
        text = CJK_FORMS.sub(" ", text) or text
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
        text = unicodedata.normalize("NFC", text).replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    text = text.translate(APOSTROPHES)
    slashed = "/" in text
    text = re.sub(r"^m/s\.?\s+", "", text) if slashed else text
    if re.search(r"\.\w", text):
        text = re.sub(INITIALS, lambda found: found.group().replace(".", ""), text + " ")
    text = re.sub(r"\b(\w)/(\w)\b", r"\1\2", text) if slashed else text
    found = re.sub(r"[\W_]+", " ", text).split()
    kept = [word for word in _without_phrases(found) if word not in FORMS and word not in FILLERS]
    return tuple(kept or found)


def branch(words: tuple[str, ...]) -> bool:
    """Whether the words behind the name of a firm say where it is: a branch, an office, a country."""
    if not BRANCHES.isdisjoint(words):
        return True
    try:
        return bool(words) and bool(countries.resolve(" ".join(words)))
    except InputError:
        return False


def _without_phrases(words: list[str]) -> list[str]:
    if STARTS.isdisjoint(words):
        return words
    found: list[str] = []
    position = 0
    while position < len(words):
        phrase = next((p for p in PHRASES if tuple(words[position : position + len(p)]) == p), None)
        position += len(phrase) if phrase else 1
        found += [] if phrase else [words[position - 1]]
    return found


def key_of(name: str) -> str:
    """The normal form in one word: what is equal here is the same name in another spelling."""
    return "".join(_words(name))


def other_form(one: str, other: str) -> bool:
    """Whether both names say their legal form and the two are of different laws: BAE Systems plc, BAE Systems, Inc."""
    said = [re.sub(r"[^\w\s]+", "", name.casefold()).split()[-1:] for name in (one, other)]
    laws = [next((law for law in NATIONAL if law.issuperset(last)), None) if last else None for last in said]
    return None not in laws and laws[0] is not laws[1]


def without_brackets(name: str) -> str:
    return BRACKETS.sub(" ", name)


def acronyms(name: str) -> list[str]:
    """Short names in brackets: Khan Research Laboratories (KRL)."""
    return [found.strip() for found in ACRONYM.findall(name)]


@lru_cache(maxsize=400_000)
def script_of(name: str) -> str:
    """The script of a name's first letter: LATIN, CJK, HANGUL…"""
    letter = next((character for character in name if character.isalpha()), "")
    return unicodedata.name(letter, "UNKNOWN").split()[0] if letter else "NONE"


@lru_cache(maxsize=400_000)
def writing_of(name: str) -> frozenset[str]:
    """Every script of a name's letters. Chinese characters as Japan or Taiwan write them, beside kana or in a firm that
    a Japanese legal form names, are JAPANESE: another writing than the simplified one."""
    if name.isascii():
        return frozenset(("LATIN",))
    text = unicodedata.normalize("NFKC", name)
    found = {unicodedata.name(letter, "UNKNOWN").split()[0] for letter in text if letter.isalpha()}
    if "CJK" in found and (found & set(JAPANESE) or "会社" in text or text.translate(variants()) != text):
        found.add("JAPANESE")
    return frozenset({"JAPANESE" if one in JAPANESE else one for one in found})


@lru_cache(maxsize=400_000)
def of_itself(name: str) -> tuple[Hashable, ...]:
    """What a text says of its names by itself: whether one is of armed forces, and how each is written."""
    return military(name), *((script_of(part), writing_of(part)) for part in _several(name))


@lru_cache(maxsize=400_000)
def other_number(word: str) -> tuple[str, ...]:
    """The plural of a singular and the singular of a plural: industry, industries."""
    if word.endswith("ies"):
        return word[:-3] + "y", word[:-1]
    if word.endswith("y"):
        return word[:-1] + "ies", word + "s"
    if word.endswith("es"):
        return word[:-2], word[:-1]
    return (word[:-1],) if word.endswith("s") else (word + "s", word + "es")


@lru_cache(maxsize=400_000)
def one_out(word: str) -> frozenset[str]:
    """The word, and what is left of it when one letter is taken out."""
    found = [word[:k] + word[k + 1 :] for k in range(len(word))]
    found.append(word)
    return frozenset(found)
