"""Law as tests: dated answers in YAML that a lawyer can extend, held against the tables; and the whole check of a
regime folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from geoecon.errors import Fault, InputError, RuleConflict
from geoecon.figure import Figure
from geoecon.law.answer import NOT_LEGAL_ADVICE, Licence
from geoecon.law.decision import licence, to_day
from geoecon.law.golden_file import CONTAINED, FACTS, NUMBERS, read_golden
from geoecon.law.one_day import on_day
from geoecon.law.over_time import DAY, change_days
from geoecon.law.plain_rules import is_plain
from geoecon.law.read_regimes import BUILT_IN, load_regimes, read_regime
from geoecon.law.regime import Regime
from geoecon.law.working_days import due
from geoecon.result import Result

if TYPE_CHECKING:
    import pandas as pd


def differences(answer: Licence, expect: Mapping[str, Any]) -> list[str]:
    """Where an answer is not what is expected, in words."""
    wrong = []
    for key, wanted in expect.items():
        found: Any = getattr(answer, key)
        if key == "kind":
            fine = found == wanted or answer.is_kind(str(wanted))
        elif key in ("known", "presumed"):
            fine = found == (str(wanted).lower() in ("yes", "true"))
        elif key in CONTAINED:
            fine = set(wanted) <= set(found)
        elif key in NUMBERS:  # an empty text: none is published
            fine = found is None if wanted in ("", None) else found is not None and float(wanted) == float(found)
        else:
            fine = found == str(wanted)
        if not fine:
            wrong.append(f"{key} is {found!r}, expected {wanted!r}")
    return wrong


def check_golden(path: str | Path, regimes: Mapping[str, Regime] | None = None) -> tuple[int, list[Fault]]:
    """(number of answers checked, one fault for each that differs)."""
    found = read_golden(path)
    every = load_regimes() if regimes is None else regimes
    faults = []
    for case in found.get("cases", []):
        where = f"{Path(path).name} case {case['id']}"
        try:
            answer = licence(every, exporter=case["from"], destination=case["to"], item=case["item"],
                             on=str(case["date"]), facts=case[FACTS[0]])  # fmt: skip
        except InputError as error:
            faults.append(Fault(where, None, None, str(error), "an answer"))
            continue
        for wrong in differences(answer, case["expect"]):
            faults.append(Fault(where, None, None, wrong, answer.reasons[0] if answer.reasons else "another row"))
    for entry in found.get("deadlines", []):
        day = due(entry["place"], to_day(str(entry["filed"])), int(entry["days"]), entry["day_kind"], every)
        if day.isoformat() != str(entry["due"]):
            where = f"{Path(path).name} deadline {entry['id']}"
            faults.append(Fault(where, None, "due", day.isoformat(), str(entry["due"])))
    return len(found.get("cases", [])) + len(found.get("deadlines", [])), faults


@dataclass(frozen=True)
class RegimeCheck(Result):
    """What a regime folder holds and where it fails."""

    regime: Regime
    rebuilt: int  # answers worked out at every date of change and the day before
    golden: int  # dated answers held against the tables
    faults: tuple[Fault, ...]

    METHOD: ClassVar[str] = (
        "Cells by schema, references, orders, overlaps of equal rank; every item and kind of place is answered on\n"
        "every date of change and the day before; dated answers of golden.yaml are held against the tables."
    )

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(self.regime.citation(name) for name in self.regime.sources)

    def to_frame(self) -> pd.DataFrame:
        """One row a fault; an empty frame is a regime without any."""
        import pandas as pd

        rows = [(fault.file, fault.row, fault.column, fault.found, fault.allowed) for fault in self.faults]
        return pd.DataFrame(rows, columns=["where", "line", "column", "found", "allowed"])

    def summary(self) -> pd.DataFrame:
        import pandas as pd

        if self.faults:
            return self.to_frame().head(12)
        rules = self.regime.rows["licence_rule"]
        rows = [("rules", len(rules)), ("items", len(self.regime.items)), ("covers from", self.regime.valid_from),
                ("known through", self.regime.known_through), ("rules from memory",
                 sum(row["status"] == "memory" for row in rules)), ("answers rebuilt", self.rebuilt),
                ("dated answers checked", self.golden)]  # fmt: skip
        return pd.DataFrame([(name, str(value)) for name, value in rows], columns=["what", "value"])

    def figures(self) -> dict[str, Figure]:
        rows = float(sum(len(rows) for rows in self.regime.rows.values()))
        return {"rows": Figure(rows, "rows", self.regime.id, self.sources, label="rows of the regime's tables")}

    def sentence(self) -> str:
        state = "no fault" if self.ok else f"{len(self.faults)} fault{'s' if len(self.faults) > 1 else ''}"
        many = len(self.regime.rows["licence_rule"])
        rules = "1 rule" if many == 1 else f"{many} rules"
        return (
            f"{self.regime.title}: {state} in {rules}, {self.rebuilt} answers rebuilt and {self.golden} dated "
            f"answers checked. {NOT_LEGAL_ADVICE}"
        )


def check_regime(folder: str | Path) -> RegimeCheck:
    """Checks a regime folder, a plain table of rules (CSV or a workbook), or a built-in regime by name: the tables,
    every date of change, and the folder's `golden.yaml`.

    Raises InputError or RuleConflict where the tables themselves cannot be read; wrong answers are `faults`.
    """
    path = Path(folder)
    if path.is_dir() or str(folder) not in (*BUILT_IN, *(name.upper() for name in BUILT_IN)):
        found = [read_regime(path)] if not is_plain(path) else list(load_regimes(path).values())
    else:
        found = list(load_regimes(folder).values())
    regime, rebuilt, count = found[0], 0, 0
    faults: list[Fault] = []
    for one in found:
        number, wrong = rebuild(one)
        rebuilt, faults = rebuilt + number, faults + wrong
    if (path / "golden.yaml").is_file():
        regimes = {**load_regimes(), regime.id: regime}
        count, wrong = check_golden(path / "golden.yaml", regimes)
        faults += wrong
    return RegimeCheck(regime, rebuilt, count, tuple(faults))


def rebuild(regime: Regime) -> tuple[int, list[Fault]]:
    """Answers for every item and kind of place on every date of change and the day before: (number, contradictions)."""
    faults: dict[str, Fault] = {}
    count = 0
    national = {row["authority_place"] for row in regime.rows["licence_rule"]} - {None}
    for exporter in sorted({*sorted(regime.places - {"EUU"})[:1], *national}):
        for code in regime.items:
            for place in representatives(regime):
                for day in edges(regime, code, place, exporter):
                    count += 1
                    try:
                        on_day(regime, code, place, exporter, {}, day)
                    except RuleConflict as error:
                        text = str(error)
                        faults.setdefault(
                            text, Fault(f"{regime.id} {code} to {place} on {day}", None, None, text, "one kind")
                        )
    return count, list(faults.values())


def representatives(regime: Regime) -> list[str]:
    """One place of each kind that the rules tell apart."""
    places = {row["place"] for row in regime.rows["group_member"]} | regime.named_places | {"KOR", "JPN", "CHN", "BRA"}
    known = (place for place in sorted(places) if len(place) == 3 and place.isalpha() and place not in ("EUU", "WLD"))
    return list(dict.fromkeys(regime.like(place) for place in known))


def edges(regime: Regime, code: str, place: str, exporter: str) -> list[date]:
    """Every date on which the answer may change, and the day before."""
    days = change_days(regime, code, place, exporter, {})
    return sorted({near for day in days for near in (day - DAY, day)})
