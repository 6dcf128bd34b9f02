"""Parts of one flow (by transport, procedure, second partner) put together once: a total and its parts never add."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from geoecon.errors import InputError
from geoecon.flows import meaning
from geoecon.flows.layouts import SPLITS, WHOLE

ROUNDING = 0.005  # two splits of one flow may differ by so much of it


def whole(
    rows: pd.DataFrame, keys: Sequence[str], headings: Mapping[str, str], name: str, *, known: bool = True
) -> tuple[pd.DataFrame, list[str]]:
    """Rows with each key once as a total: its total row, or the sum of its parts where no total stands beside them.

    `headings` maps the split columns of `rows` to what the file calls them; value_usd and tonnes are summed. Several
    splits of one key are views of the same trade. Raises InputError where they do not agree, and where parts add up to
    more than what is taken for their total in a layout that does not say which rows are totals (not `known`).
    """
    used = [column for column in headings if column in rows and _parted(rows[column], column)]
    notes = [
        f"all rows have {headings[c]} {rows[c].iloc[0]!r}: a part of the trade, or all of it by that name"
        for c in used if rows[c].nunique() == 1
    ]  # fmt: skip
    used = [column for column in used if rows[column].nunique() > 1]
    if not used:
        return rows, notes
    key = rows[list(keys)].astype(str).agg("|".join, axis=1)
    inside = _inside(rows, key, used)
    if inside.any():
        words = ", ".join(headings[c] for c in used)
        notes.append(f"{int(inside.sum())} rows by {words} are parts of another such row: set aside")
        found, told = whole(rows[~inside], keys, headings, name, known=known)
        found.attrs.setdefault("kept", list(rows.index[~inside]))
        return found, [*notes, *told]
    parted = pd.DataFrame({c: ~_total(rows[c], c) for c in used})
    view = parted.astype(int).astype(str).agg("".join, axis=1)
    total = view == "0" * len(used)
    has_total = key.isin(set(key[total]))
    words = ", ".join(headings[c] for c in used)
    repeats = ~total & has_total
    if repeats.any():
        notes.append(f"{int(repeats.sum())} rows by {words} repeat a total: set aside")
        short = _short(rows, key, view, total, words)
        if short and not known:
            by = headings[used[0]]
            raise InputError(f"{name}: {short[0]}; allowed: only={{{by!r}: one of them}} (--only '{by}=…')")
        notes += short
    alone = ~total & ~has_total
    if not alone.any():
        found = rows[total].reset_index(drop=True)
        found.attrs["kept"] = list(rows.index[total])
        return found, notes
    if not key[alone].duplicated().any():
        kinds = ", ".join(f"{headings[c]} {meaning.listed(sorted(rows[c].astype(str).unique()))}" for c in used)
        notes.append(f"{kinds}: each flow stands in one of them")
        found = rows[total | alone].reset_index(drop=True)
        found.attrs["kept"] = list(rows.index[total | alone])
        return found, notes
    kept = rows.index[total]
    built, told = _built(rows[alone].assign(**{" key": key[alone], " view": view[alone]}), keys, used, headings, name)
    notes += told
    found = pd.concat([rows[total], built], ignore_index=True)
    found.attrs["kept"] = [*kept, *rows.index[alone]]
    return found, notes


def _total(column: pd.Series, name: str) -> pd.Series:
    text = column.fillna("").astype(str).str.strip().str.upper().str.replace(r"\.0$", "", regex=True)
    words = {word: word in SPLITS[name] or re.match(WHOLE, word) is not None for word in text.unique()}
    return text.map(words).astype(bool)


def _inside(rows: pd.DataFrame, key: pd.Series, used: Sequence[str]) -> pd.Series:
    """Rows with a transport code below another of the same flow: 2100 (sea) is part of 2000 (water)."""
    found = pd.Series(False, index=rows.index)
    if "transport" not in used:
        return found
    code = rows["transport"].astype(str).str.strip().str.removesuffix(".0")
    if not code.str.fullmatch(r"\d{4}|0").all():
        return found
    rest = [key] + [rows[c].astype(str) for c in used if c != "transport"]
    where = pd.concat(rest, axis=1).agg("|".join, axis=1)
    there = set(where + "|" + code)
    for digits in (1, 2, 3):
        above = code.str[:digits] + "0" * (4 - digits)
        found |= (above != code) & (where + "|" + above).isin(there)
    return found


def _parted(column: pd.Series, name: str) -> bool:
    return bool((~_total(column, name)).any())


def _short(rows: pd.DataFrame, key: pd.Series, view: pd.Series, total: pd.Series, words: str) -> list[str]:
    """Totals whose parts add to more than the total."""
    sums = rows["value_usd"].groupby([key, view]).sum().rename("usd").rename_axis(["key", "view"]).reset_index()
    stated = rows["value_usd"][total].groupby(key[total]).sum().rename("stated")
    both = sums[sums["view"].str.contains("1")].merge(stated, left_on="key", right_index=True)
    over = both[both["usd"] > both["stated"] * (1 + ROUNDING)].head(3)
    told = [f"{row['key']}: parts {row['usd']:,.0f} USD, total {row['stated']:,.0f}" for row in over.to_dict("records")]
    return [f"parts by {words} add up to more than the total: {'; '.join(told)}"] if told else []


def _built(
    rows: pd.DataFrame, keys: Sequence[str], used: Sequence[str], headings: Mapping[str, str], name: str
) -> tuple[pd.DataFrame, list[str]]:
    """Totals rebuilt from their parts."""
    by = rows.groupby([" key", " view"], sort=False)
    sums = by.agg(
        value_usd=("value_usd", lambda v: v.sum(min_count=1)), tonnes=("tonnes", lambda t: t.sum(skipna=False))
    )
    total = sums["value_usd"].groupby(level=0, sort=False)
    several = int((total.size() > 1).sum())
    low, high = total.min(), total.max()
    apart = (high - low) > ROUNDING * high.clip(lower=1e-12)
    if apart.any():
        raise InputError([_apart(name, rows, sums, str(k), keys, used, headings) for k in apart[apart].index])
    built = rows.drop_duplicates(" key").set_index(" key")
    best = sums.groupby(level=0, sort=False).first()
    built = built.assign(value_usd=best["value_usd"], tonnes=best["tonnes"]).reset_index(drop=True)
    built = built.drop(columns=[" view"])
    words = ", ".join(headings[c] for c in used)
    told = f"{len(built)} totals rebuilt from {len(rows)} rows by {words}: no total stands beside them"
    return built, [told + (f"; in {several} of them two splits of the same trade agree" if several else "")]


def _apart(
    name: str, rows: pd.DataFrame, sums: pd.DataFrame, key: str, keys: Sequence[str], used: Sequence[str],
    headings: Mapping[str, str],
) -> str:  # fmt: skip
    """Two splits of one flow that do not agree, in words."""
    table = sums.reset_index()
    told = []
    for part in table[table[" key"] == key].to_dict("records"):
        by = [headings[c] for c, flag in zip(used, str(part[" view"]), strict=True) if flag == "1"]
        told.append(f"{' and '.join(by)} sums to {part['value_usd']:,.10g}")
    row = rows[rows[" key"] == key].iloc[0]
    where = " ".join(str(row[k]) for k in keys)
    return f"{name}: {where}: {' and '.join(told)} USD, no total row; allowed: splits that agree, or only= one of them"
