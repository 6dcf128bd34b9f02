"""Months and periods: their names and lengths, how tables write them, the days that they span, and months onwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoecon.kinds import Cell

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
SHORT_MONTHS = tuple(name[:3] for name in MONTHS)
MONTH_NAMES = "|".join([*MONTHS, "sept", *SHORT_MONTHS])  # a pattern; long names first
MONTH, YEAR = 30, 365  # days: the first month and the first year of what is followed day by day
MEAN_MONTH = 30.4  # days: months of a dispute turned into days and back
# words of a time in a parts list or a table of stocks -> days
TIMES: Mapping[str, float] = {
    "d": 1, "day": 1, "days": 1, "tag": 1, "tage": 1, "tagen": 1, "jour": 1, "jours": 1, "día": 1, "días": 1, "日": 1,
    "일": 1, "working days": 1.4, "business days": 1.4, "w": 7, "wk": 7, "wks": 7, "week": 7, "weeks": 7, "woche": 7,
    "wochen": 7, "semaine": 7, "semaines": 7, "semana": 7, "semanas": 7, "週間": 7, "週": 7, "주": 7, "m": 30.4375,
    "mo": 30.4375, "mos": 30.4375, "month": 30.4375, "months": 30.4375, "monat": 30.4375, "monate": 30.4375,
    "mois": 30.4375, "mes": 30.4375, "meses": 30.4375, "か月": 30.4375, "ヶ月": 30.4375, "月": 30.4375, "개월": 30.4375,
    "y": 365.25, "yr": 365.25, "year": 365.25, "years": 365.25, "jahr": 365.25, "jahre": 365.25, "daily": 1,
    "weekly": 7, "monthly": 30.4375, "quarterly": 91.3125, "quarter": 91.3125, "quarters": 91.3125, "qtr": 91.3125,
    "yearly": 365.25, "annual": 365.25, "annually": 365.25, "working day": 1.4, "business day": 1.4, "calendar days": 1,
    "täglich": 1, "wöchentlich": 7, "monatlich": 30.4375, "jährlich": 365.25, "周": 7, "天": 1, "个月": 30.4375,
    "年": 365.25, "월": 30.4375, "년": 365.25, "연": 365.25, "annum": 365.25, "yrs": 365.25, "mth": 30.4375,
    "mths": 30.4375, "monaten": 30.4375, "jahren": 365.25, "quartal": 91.3125, "quartale": 91.3125,
    "trimestre": 91.3125,
    "hebdomadaire": 7, "mensuel": 30.4375, "mensuelle": 30.4375, "annuel": 365.25, "annuelle": 365.25, "quotidien": 1,
    "quotidienne": 1, "diario": 1, "semanal": 7, "mensual": 30.4375, "anual": 365.25, "mensal": 30.4375, "mês": 30.4375,
    "dias": 1, "ano": 365.25, "anos": 365.25, "giorno": 1, "giorni": 1, "settimana": 7, "settimane": 7, "mese": 30.4375,
    "mesi": 30.4375, "anno": 365.25, "anni": 365.25, "dag": 1, "dagen": 1, "weken": 7, "maand": 30.4375,
    "maanden": 30.4375, "arbeitstag": 1.4, "arbeitstage": 1.4, "arbeitstagen": 1.4, "werktage": 1.4,
    "jours ouvrés": 1.4, "jours ouvrables": 1.4, "días hábiles": 1.4, "営業日": 1.4, "工作日": 1.4, "영업일": 1.4,
    "gg": 1, "wo": 7, "wch": 7, "sem": 7, "tg": 1, "tge": 1, "kalendertag": 1, "kalendertage": 1, "jhr": 365.25, 
    "jours calendaires": 1, "calendar day": 1, "workdays": 1.4, "workday": 1.4, "work days": 1.4, "werktag": 1.4,
    "j ouvrés": 1.4, "j ouvrables": 1.4, "个工作日": 1.4, "주일": 7, "주간": 7, "个星期": 7, "星期": 7, "カ月": 30.4375,
    "ヵ月": 30.4375, "ケ月": 30.4375, "箇月": 30.4375, "個月": 30.4375, "달": 30.4375, "日間": 1, "일간": 1,
    "dni": 1, "dzień": 1, "tydzień": 7, "tygodnie": 7, "tygodni": 7, "miesiąc": 30.4375, "miesiące": 30.4375,
    "miesięcy": 30.4375, "gün": 1, "hafta": 7, "ay": 30.4375, "дней": 1, "дня": 1, "день": 1, "недель": 7, "недели": 7,
    "неделя": 7, "месяцев": 30.4375, "месяца": 30.4375, "месяц": 30.4375, "мес": 30.4375, "個星期": 7,
    "tyg": 7, "mies": 30.4375, "wkn": 7,
    "an": 365.25, "ans": 365.25, "año": 365.25, "años": 365.25, "pa": 365.25, "p.a": 365.25,
}  # fmt: skip
PERIOD = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?|-Q[1-4])?(/\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?)?$")


def month_on(day: date, months: int) -> date:
    """The first day of the month that lies so many months after that of a day."""
    total = 12 * day.year + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def in_words(day: date) -> str:
    """A day as people write it: 4 July 2019."""
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def first_day(period: Cell) -> date:
    """Earliest day that a date or period of a table may mean: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn, start/end, a year."""
    return _span(period)[0]


def last_day(period: Cell) -> date:
    """Latest day that it may mean: a fact of 2022 is known when the year is over."""
    return _span(period)[1]


def _span(period: Cell) -> tuple[date, date]:
    if isinstance(period, date):
        return period, period
    return _span_of(str(int(period)) if isinstance(period, float) else str(period))


@lru_cache(maxsize=16384)
def _span_of(period: str) -> tuple[date, date]:
    start, slash, end = period.partition("/")
    if slash:
        return _span_of(start)[0], _span_of(end)[1]
    if len(start) == 10:
        day = date.fromisoformat(start)
        return day, day
    year, first, months = int(start[:4]), 1, 12
    if len(start) == 7:
        quarter = start[5] == "Q"
        first, months = (3 * int(start[6]) - 2, 3) if quarter else (int(start[5:]), 1)
    begin = date(year, first, 1)
    return begin, month_on(begin, months) - timedelta(days=1)
