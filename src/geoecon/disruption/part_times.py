"""Times in a bill of materials: days that a use, a lead time or a cover is told for, by the words beside the number."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from geoecon.dates import TIMES
from geoecon.disruption.part_spans import OPEN, days_of_span, several_spans

PERIODS = (  # words of time in a heading -> days
    (r"\b(day|daily|days|d|tag|tage|tagen|tages\w+|täglich\w*|jour|jours|quotidien\w*|journali\w+|día|días|dias?|diari[oa]"
     r"|giorn[oi]|gg|giornalier[oai]|diári[oa]s?|dag|dagen|dagelijks\w*|tägl|tgl)\b|\bp\. ?[td]\b|日|일|天", 1.0),
    (r"\b(week|weekly|weeks|w|wk|wks|wkly|woche|wochen\w*|wöchentlich\w*|sem|semaine|semaines|hebdo\w*|semana|semanas"
     r"|semanal|semana(?:is|les)|settiman[ae]|settimanal[ei]|weken|wekelijks\w*|wöchentl|wtl|wo(?=[.)\]])|veck\w*"
     r"|heti|hét|tuần)\b|\b(?:je|pro) kw\b"
     r"|(?:bedarf|verbrauch) ?/ ?kw\b|週|周|주", 7.0),
    (r"\b(month|monthly|months|mo|mos|mth|mths|mthly|monat|monate|monaten|monats\w+|monatlich\w*|mois|mensuel\w*|mes|meses|mês"
     r"|mensu?al|mensu?a(?:is|les)|mes[ei]|mensil[ei]|mon|maand\w*|mtl|monatl)\b|\bp\. ?m\b|月|월", 30.4375),
    (r"\b(dni|dzienn\w+|gün|günlük|день|дней|дня|dnů|dny|denní|nap|napi|ngày|dygn|dagar)\b", 1.0),
    (r"\b(tygodn\w+|tydzień|tyg|hafta|haftal\w+|недел\w+|týd\w+)\b", 7.0),
    (r"\b(miesi[ąę]c\w*|mies|ay|ayl\w+|мес|месяц\w*|měsí\w+|månad\w*|måned\w*|havi|hónap\w*|tháng)\b", 30.4375),
    (r"\bbimestr\w+", 60.875),
    (r"\b(quarter|quarters|quarterly|qtr|qtrs|quartale?|quartals\w+|vierteljährl(?:ich\w*)?|trimestr\w+|kwartaal\w*)\b"
     r"|\bp\. ?q\b|季(?!节|節)|四半期|분기", 91.3125),
    (r"\b(semestr\w+|halbjahres?\w*|halbjährl(?:ich\w*)?)\b|半年|半期|반기|반년", 182.625),
    (r"\b(year|yearly|years|annual|annually|annum|yr|yrs|jahr|jahre|jahren|jahres\w+|jährlich\w*|años?|anos?|ans?|annuel\w*|anual"
     r"|anua(?:is|les)|ann[oi]|annu[oa]|annual[ei]|jaar\w*|jährl)\b|\bp\.? ?a\b|\bp\. ?j\b|/ ?a\b|年|연|년", 365.25),
)  # fmt: skip
WORKDAYS = r"(working|business|work) ?days?\b|\barbeitstag\w*|\bwerktag\w*|jours? ouvr\w+|d[ií]as (hábiles|úteis)"
WORKDAYS += r"|(giorni|gg\.?) lavorativi|\bweekdays?\b|\bwerkdag\w*|営業日|稼働日|平日|工作日|영업일|업무일|근무일|평일"
EACH_WORKDAY = rf"\b(?:per|each|every|pro|je|par|por) (?:{WORKDAYS})"
SHORT_WEEK = r"\b([5-7])[ -]?(?:days?|d|tage?)(?:[ -]| ?/ ?| per | a | pro | je )(?:week|wk|woche)\b"
TO_FRIDAY = r"\bmo(?:n(?:day)?s?|ntags?)? ?(?:[-–]|to|bis|through) ?"
TO_FRIDAY += r"(fr|sa)(?:i(?:day)?s?|t(?:urday)?s?|eitags?|mstags?)?\b"
NUMBERS = {"two": "2", "three": "3", "four": "4", "six": "6", "eight": "8", "twelve": "12", "zwei": "2", "drei": "3",
           "deux": "2", "trois": "3", "dos": "2", "tres": "3"}  # fmt: skip
RATE = (  # what a use may be told by that is no time we can count with
    r"\b(per|a|each|pro) [\d.,]+ ?(?!d(ays?)?\b|w(ee)?ks?\b|m(o|on|onths?)?\b|y(ea)?rs?\b|q|wochen|tage|monate)[a-z]"
    r"|\b(per|a|each) (shift|hour|h|hr|unit|piece|pc|batch|run|car|vehicle|product|assembly|build|lot|order|set)\b"
    r"|\bhourly\b|\bbi ?(weekly|monthly)\b|fortnight|semi ?annual|half ?year|\d+ ?h\b"
    r"|quin[cz]en\w*|quinzain\w*|quindicinal\w*|zweiwöch\w*|14 ?täg\w*|隔週|격주|旬"
)
FACTOR = (  # one of several, and how many there are is not said: use per day per line
    r"(?:\b(?:per|je|pro|par|por|each|every)\s+|/ ?)(?:production |produktions)?(?:line|machine|tool|plant|site|fab"
    r"|chamber|station|factory|facility|worker|operator|furnace|reactor|linie|maschine|anlage|werk|ligne|usine|línea|planta|linea|máquina"
    r"|macchina|linha|fábrica|impianto)\b|(?:라인|기계|설비|장비|공장)\s?(?:당|별)|(?:台|ライン|工場|設備)(?:当|あ)たり"
    r"|[每单単](?:台|线|条|線|机|厂)"
)
ADJECTIVES = r"\b(daily|weekly|monthly|quarterly|annual|annually|yearly)\b|(?:\bper |/ ?|\bpro |\bpar )([a-zäéí]+)"
COMMON = ("days", "weeks", "months", "years", "quarters", "day", "week", "month", "year", "quarter", "daily", "weekly",
          "monthly", "quarterly", "yearly", "annual", "annually", "tage", "woche", "wochen", "monat")  # fmt: skip
ALIKE = ("early", "manual", "manually", "stage", "delays", "yeast", "mouth", "wear")  # near to a time and none
_BESIDE = (  # what brackets add to a lead time beside its unit
    "avg average mean median typical normal standard std quoted supplier vendor min max minimum maximum"
    " est estimated estimate calendar contract current incl including excl total latest worst best case"
    " confirmed planned actual new order reorder transport shipping door to lt lead time of a the by"
    " in from customs transit freight clearance inspection processing handling"
)
BESIDE = frozenset(_BESIDE.split())
MEAN = (
    r"\b(avg|average|mean|rolling|moving|durchschnitt\w*|mittel|moyenne|promedio|media|média)\b|ø|平均|평균"  # of what?
)
COUNTED = r"(?:\b|(?<=\b[tlr]))(\d{1,3})[ -]?"
COUNTED += r"(days?|d|weeks?|wks?|w|months?|mths?|mos?|m|years?|yrs?|tage|wochen|monate)\b"
SPANS = "(?:3|6|9|12|13|18|24|26|30|52|60|90|180|365)"
SHORT = rf"(?<![a-z0-9])(?!m[23]\b)(?:[a-z]{{1,2}}{SPANS}[a-z]?|{SPANS}mm?a)\b"  # R12, L6M, 12mma: a span in short
TIMED = ("use_per_day", "lead_time_days", "stock_days")


@lru_cache(4096)
def time_of(words: str) -> float | None:
    """Days of a time that stands alone in a cell or in brackets: `weeks`, `per month`, `/wk`, `in days`; else None."""
    bare = re.sub(r"^(per|pro|par|in|a|each|/)\s*", "", words.strip().casefold().rstrip("."))
    return TIMES.get(bare)


def text_of_heading(heading: str) -> str:
    """A heading in small letters, its underscores as blanks."""
    return unicodedata.normalize("NFKC", heading).casefold().replace("_", " ")


def days_of(heading: str, name: str) -> float:
    """Days that the numbers below a heading are for, by its words: a use per week, a lead time in months."""
    name = name.removesuffix("_low").removesuffix("_high")
    if name not in TIMED:
        return 1.0
    text = text_of_heading(heading)
    if name == "stock_days" and (letters := re.search(r"\b([wm])(?:oh|os|oi)\b", text)) is not None:
        return 7.0 if letters[1] == "w" else 30.4375  # weeks on hand, months of supply
    if (short := _short_week(text, name)) is not None:
        return short
    text = re.sub(rf"{SHORT_WEEK}|{TO_FRIDAY}|(?:\d+ )?(?:{WORKDAYS})", " ", text)
    if name == "use_per_day":
        text = re.sub(rf"\b({'|'.join(NUMBERS)})\b(?= [^\W\d])", lambda word: NUMBERS[word[1]], text)
    inside = re.findall(r"[\(\[](.*?)[\)\]]", text)
    told = re.search(ADJECTIVES, text)
    counted = re.search(COUNTED, text) if name == "use_per_day" and told is None else None
    if counted is not None:  # usage of the last 3 months
        return int(counted[1]) * _period(counted[2])
    if name == "use_per_day" and told is None and (span := days_of_span(text)) is not None:
        return span  # demand Jun 2025, demand Q4, demand 2025
    adjective = (told[1] or told[2],) if told is not None and name == "use_per_day" else ()
    for part in (*adjective, *inside, text):
        for words, days in PERIODS:
            if re.search(words, part):
                return days
    return 1.0


def _short_week(text: str, name: str) -> float | None:
    """Days of the calendar for a working day, where the numbers are for that: not use per month (20 working days)."""
    week, ends = re.search(SHORT_WEEK, text), re.search(TO_FRIDAY, text)
    if re.search(WORKDAYS, text) is None and week is None and ends is None:
        return None
    one = 7 / int(week[1]) if week else 7 / 6 if ends and ends[1] == "sa" else 1.4
    rest = re.sub(rf"{SHORT_WEEK}|{TO_FRIDAY}|(?:\d+ )?(?:{WORKDAYS})", " ", text)
    longer = any(re.search(words, rest) for words, days in PERIODS if days > 1) or days_of_span(rest) is not None
    if longer and not re.search(EACH_WORKDAY, text):
        return None
    counted = re.search(rf"\b(\d{{1,3}}) (?:{WORKDAYS})", text) if name == "use_per_day" else None
    daily = any(re.search(words, rest) for words, days in PERIODS if days == 1)
    return one * (int(counted[1]) if counted and not daily else 1)


def dated(heading: str) -> bool:
    """Whether a heading names the month or year that its numbers are of: demand Jun 2025."""
    return days_of_span(text_of_heading(heading)) is not None


@lru_cache(4096)
def timeless(heading: str) -> bool:
    """Whether a heading says no time that a use could be for."""
    text = text_of_heading(heading)
    if days_of_span(text) is not None or re.search(WORKDAYS, text):
        return False
    return not any(re.search(words, text) for words in (*(words for words, _ in PERIODS), r"\d{4}"))


def strange_time(heading: str, name: str) -> str | None:
    """A word of a heading that seems a time and is none that we count in: `weks`, `per wek`, `(hours)`; else None."""
    text = text_of_heading(heading)
    inside = re.findall(r"[\(\[](.*?)[\)\]]", text)
    told = re.search(ADJECTIVES, text)
    if name == "use_per_day" and told is None and (open_end := re.search(OPEN, text)) and not re.search(COUNTED, text):
        return open_end[0]
    counted = told is not None or re.search(COUNTED, text) is not None
    if (
        name == "use_per_day"
        and told is None
        and (mean := re.search(MEAN, text))
        and (span := re.search(COUNTED, text))
    ):
        return f"{mean[0]} of {span[0]}"
    if name == "use_per_day" and not counted and (several := several_spans(text)) is not None:
        return several
    if (two := _two_times(text, inside, name)) is not None:
        return two
    words: list[str] = re.findall(r"[^\W\d]{3,}", text)
    near = [word for word in words if word not in ALIKE and timeless(word) and meant(word, 0.8)]
    if near:
        return near[0]
    if name == "use_per_day" and not counted and timeless(heading) and (short := re.search(SHORT, text)):
        return short[0]
    if name == "use_per_day":
        said: list[str] = re.findall(r"\b(?:per|pro|par|each) +([^\W\d]+)", text)
        said += [word for part in inside for word in re.findall(r"/ ?([^\W\d]+)", part)]
        said += [found[0] for found in re.finditer(r"/ ?(m|kw|shift)\b|[/(] ?(h|hrs?|hours?)\b", text)]
    else:
        said = [word for part in inside for word in re.findall(r"[^\W\d]+", part) if word not in BESIDE]
        said += re.findall(r"\b(?:hours?|hrs?|shifts?|minutes?|fortnights?)\b", text)
    return said[0] if said and timeless(heading) else None


def _two_times(text: str, inside: list[str], name: str) -> str | None:
    """Words that say another time than the rest of the heading: `days or weeks`, `use per day (weekly total)`."""
    known = "|".join(sorted((word for word in TIMES if len(word) > 2), key=len, reverse=True))
    either = re.search(rf"\b({known}) ?(?:or|oder|ou|/) ?({known})\b", text)
    if either is not None and TIMES[either[1]] != TIMES[either[2]]:
        return either[0]
    if name != "use_per_day" or (told := re.search(ADJECTIVES, re.sub(r"[\(\[].*?[\)\]]", " ", text))) is None:
        return None
    own = TIMES.get(told[1] or told[2])
    for part in inside:
        other = re.search(
            rf"\b({known}) (?:total|sum|quantity|qty|demand|usage|use|figure)\b|^({known}ly|annual)$", part
        )
        if other is not None and own is not None and TIMES.get(other[1] or other[2], own) != own:
            return part
    return None


def factor(heading: str) -> str:
    """What the use of a heading is for one of, where how many there are is not said: `per line`; else empty."""
    found = re.search(FACTOR, text_of_heading(heading))
    return found[0].strip() if found else ""


def meant(word: str, least: float) -> str:
    """The word of time that a misspelt one comes nearest to; empty where none is near."""
    return next(iter(get_close_matches(word, COMMON, 1, least)), "")


def _period(word: str) -> float:
    """Days of a word of time; `m` is a month where a number stands before it."""
    return next((days for words, days in PERIODS if re.search(words, "month" if word == "m" else word)), 1.0)
