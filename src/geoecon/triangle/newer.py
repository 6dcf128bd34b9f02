"""Newer pacts and capabilities of the user: kept on this machine, they go on from the bundled records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from geoecon import countries
from geoecon.errors import Fault, InputError, MissingData
from geoecon.files import file_aside, own_folder
from geoecon.triangle import patrons
from geoecon.triangle import records as r

PACTS = ("ccode1", "ccode2", "start_year", "end_year", r.DEFENCE, "offense", "neutral", "nonagg", "consul")
POWER = ("ccode", "year", "milper", "cinc", "milex")
POINTS = ("ccode", "year", "ideal_point", "q05", "q95")
FIRST_SESSION = 1945  # the year before the first session of the General Assembly
VOTES = {"1": 3, "2": 2, "3": 1, "8": 0, "9": 0}  # of Voeten's file: yes, abstain, no, absent, no member
# other names of the columns: those of ATOP (dyad-years) and of the Correlates of War
CALLED = {
    "mem1": "ccode1", "statea": "ccode1", "state1": "ccode1", "mem2": "ccode2", "stateb": "ccode2", "state2": "ccode2",
    "defence": r.DEFENCE, "statenme": "name", "state": "ccode",
    "idealpointall": "ideal_point", "idealpoint": "ideal_point", "q5%all": "q05", "q5%": "q05", "q95%all": "q95",
    "q95%": "q95",
}  # fmt: skip


def kind_of(columns: list[str]) -> str | None:
    """ "pacts", "capabilities", "ideal points" or "votes" by the headings of a file, None for another one."""
    plain = [name.strip().strip('"').lower() for name in columns]
    known = {CALLED.get(name, name) for name in plain}
    if "ideal_point" in known:
        return "ideal points"
    if {"rcid", "vote"} <= known:
        return "votes"
    if {"ccode1", "ccode2", r.DEFENCE} <= known:
        return "pacts"
    return "capabilities" if {"ccode", "year", "cinc"} <= known else None


def update_records(path: str | Path) -> str:
    """Remembers a newer file of pacts (pair, years, defence 0 or 1; ATOP's dyad-years too), of capabilities (ccode,
    year, cinc), or of Voeten's ideal points or votes in the United Nations, and says what it holds.

    States are numbers of the Correlates of War, ISO codes or names.

    Raises InputError with every fault; nothing is kept then.
    """
    place = Path(path)
    table = pd.read_csv(place, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    name = kind_of(list(table.columns))
    if name is None:
        allowed = (
            "pacts (state1, state2, start_year, end_year, defense), capabilities (ccode, year, cinc), ideal points "
        )
        allowed += "(ccode, session, IdealPointAll, Q5%All, Q95%All) or votes (rcid, ccode, session, vote)"
        raise InputError(f"{place.name}: columns {', '.join(table.columns)}; allowed: {allowed}")
    plain = table.rename(columns=lambda column: CALLED.get(column.strip().lower(), column.strip().lower()))
    made = READERS[name](plain, place.name)
    with file_aside(own_folder() / "records" / f"{TABLES.get(name, name)}.parquet") as part:
        made.to_parquet(part, index=False)
    forget()
    years = made[["start_year", "end_year"]] if name == "pacts" else made[["year"]]
    return f"{len(made):,} {name} of {int(years.min().min())} to {int(years.max().max())}"


def forget() -> None:
    """Records are read anew when next asked for."""
    for known in (r.records, r.pacts, r.last_pacts, r.last_power, r._lookup, r._trade, r._spells, r.codes, r.code,
                  r.last_year, r.since, r.until, r.widest_gap, r._votes_by_year, r._columns, r.numbers_in):  # fmt: skip
        known.cache_clear()
    for known in vars(patrons).values():
        if hasattr(known, "cache_clear"):
            known.cache_clear()


def _pacts(table: pd.DataFrame, file: str) -> pd.DataFrame:
    faults: list[Fault] = []
    if "year" in table.columns:
        table = table.assign(start_year=table["year"], end_year=table["year"])
    rows = {name: _whole(table, name, file, faults) for name in ("start_year", "end_year") if name in table.columns}
    for name in {"start_year", "end_year"} - set(rows):
        faults.append(Fault(file, 1, name, "column is missing", "the first and last year of each pact, or year"))
    for name in ("ccode1", "ccode2"):
        rows[name] = _numbers(table, name, file, faults)
    for name in PACTS[4:]:
        given = table[name].replace("", "0") if name in table.columns else pd.Series("0", index=table.index)
        bad = ~given.isin(["0", "1"])
        faults += [Fault(file, int(line) + 2, name, repr(given[line]), "0 or 1") for line in table.index[bad][:20]]
        rows[name] = given.where(~bad, "0").astype(int)
    if faults:
        raise InputError(faults)
    made = pd.DataFrame(rows)[list(PACTS)]
    low, high = made[["ccode1", "ccode2"]].min(axis=1), made[["ccode1", "ccode2"]].max(axis=1)
    wrong = made.index[(made["end_year"] < made["start_year"]) | (low == high)]
    if len(wrong):
        found, allowed = "a pair of one state, or an end before the start", "two states, years in order"
        raise InputError([Fault(file, int(line) + 2, "end_year", found, allowed) for line in wrong[:20]])
    made = made.assign(ccode1=low, ccode2=high)
    flags = list(PACTS[4:])
    spells = made.groupby(["ccode1", "ccode2", *flags], as_index=False).agg(
        start_year=("start_year", "min"), end_year=("end_year", "max")
    )
    return spells[list(PACTS)].astype("int16")


def _power(table: pd.DataFrame, file: str) -> pd.DataFrame:
    faults: list[Fault] = []
    rows = {"ccode": _numbers(table, "ccode", file, faults), "year": _whole(table, "year", file, faults)}
    for name in ("milper", "cinc", "milex"):
        given = table[name] if name in table.columns else pd.Series("", index=table.index)
        number = pd.to_numeric(given.where(given != "-9", ""), errors="coerce")
        bad = (number.isna() & ~given.isin(["", "-9"])) | (number < 0) | ((name == "cinc") & (number > 1))
        allowed = "a share of the world's capability, 0 to 1" if name == "cinc" else "a number, empty where unknown"
        faults += [Fault(file, int(line) + 2, name, repr(given[line]), allowed) for line in table.index[bad][:20]]
        rows[name] = number
    if faults:
        raise InputError(faults)
    return pd.DataFrame(rows)[list(POWER)]


def _year_of(table: pd.DataFrame, file: str, faults: list[Fault]) -> pd.Series:
    """The year of each row, or that of its session of the General Assembly."""
    if "year" in table.columns:
        return _whole(table, "year", file, faults)
    if "session" not in table.columns:
        faults.append(Fault(file, 1, "year", "column is missing", "a year, or a session of the General Assembly"))
        return pd.Series(r.LAST, index=table.index)
    return _whole(table.assign(session=pd.to_numeric(table["session"], errors="coerce") + FIRST_SESSION), "session",
                  file, faults)  # fmt: skip


def _points(table: pd.DataFrame, file: str) -> pd.DataFrame:
    faults: list[Fault] = []
    rows = {"ccode": _numbers(table, "ccode", file, faults), "year": _year_of(table, file, faults)}
    for name in POINTS[2:]:
        if name not in table.columns:
            faults.append(Fault(file, 1, name, "column is missing", "IdealPointAll, Q5%All and Q95%All"))
            continue
        rows[name] = pd.to_numeric(table[name], errors="coerce")
        bad = rows[name].isna()
        faults += [Fault(file, int(at) + 2, name, repr(table[name][at]), "a number") for at in table.index[bad][:20]]
    if not faults:
        turned = ~((rows["q05"] <= rows["ideal_point"]) & (rows["ideal_point"] <= rows["q95"]))
        faults += [Fault(file, int(at) + 2, "ideal_point", "outside its band", "a middle between Q5% and Q95%")
                   for at in table.index[turned][:20]]  # fmt: skip
    if faults:
        raise InputError(faults)
    return pd.DataFrame(rows)[list(POINTS)].astype({"ccode": float, "year": float})


def _votes(table: pd.DataFrame, file: str) -> pd.DataFrame:
    """One row a roll call and one column a state: no 1, abstain 2, yes 3, absent 0."""
    faults: list[Fault] = []
    rows = {"ccode": _numbers(table, "ccode", file, faults), "year": _year_of(table, file, faults)}
    call = pd.to_numeric(table["rcid"], errors="coerce")
    faults += [Fault(file, int(at) + 2, "rcid", repr(table["rcid"][at]), "the number of a roll call")
               for at in table.index[call.isna()][:20]]  # fmt: skip
    bad = ~table["vote"].isin(list(VOTES))
    faults += [Fault(file, int(at) + 2, "vote", repr(table["vote"][at]), ", ".join(VOTES))
               for at in table.index[bad][:20]]  # fmt: skip
    if faults:
        raise InputError(faults)
    long = pd.DataFrame(rows).assign(rcid=call, vote=table["vote"].map(VOTES))
    wide = long.pivot_table(index=["year", "rcid"], columns="ccode", values="vote", aggfunc="last", fill_value=0)
    wide = wide.rename(columns=str).reset_index("rcid", drop=True).reset_index().rename_axis(columns=None)
    return wide.sort_values("year", ignore_index=True)


def _whole(table: pd.DataFrame, name: str, file: str, faults: list[Fault]) -> pd.Series:
    number = pd.to_numeric(table[name], errors="coerce")
    bad = number.isna() | (number < 1800) | (number > 2100)
    faults += [Fault(file, int(line) + 2, name, repr(table[name][line]), "a year") for line in table.index[bad][:20]]
    return number.where(~bad, r.LAST).astype(int)


def _numbers(table: pd.DataFrame, name: str, file: str, faults: list[Fault]) -> pd.Series:
    """Numbers of the Correlates of War for numbers, codes or names."""
    known = set(r.records("states")["ccode"].astype(int))
    found: dict[str, int] = {}
    for text in table[name].unique():
        try:
            number = int(text) if text.isdigit() else r.code(countries.resolve(text).iso3, r.LAST)
            told = f"unknown state {text!r}"
        except (InputError, MissingData) as error:
            number, told = -1, str(error)
        found[text] = number
        if number not in known:
            line = int(table.index[table[name] == text][0]) + 2
            faults.append(Fault(file, line, name, told, "a number of the Correlates of War, an ISO code or a name"))
    return table[name].map(found)


READERS: Mapping[str, Callable[[pd.DataFrame, str], pd.DataFrame]] = {
    "pacts": _pacts, "capabilities": _power, "ideal points": _points, "votes": _votes,
}  # fmt: skip
TABLES = {"ideal points": "ideal_points", "votes": "un_votes"}  # names of the bundled tables
