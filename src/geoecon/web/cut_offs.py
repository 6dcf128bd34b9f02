"""What followed similar cut-offs, as plain data for a page: one picture for the explorer and the desk of precedents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from geoecon import charts, countries, lexicon
from geoecon.errors import InputError, MissingData
from geoecon.message import phrases as say
from geoecon.views import plain, table_of

if TYPE_CHECKING:
    import pandas as pd

    from geoecon.episodes import Precedents

SHOWN = 38  # precedents that are named; the bands are of all


def told(known: Precedents, named: int) -> dict[str, Any]:
    """Title, sentences, picture, and the names of the nearest `named` cut-offs."""
    replaced, back = known.replaced(1), known.back(2)
    values = np.asarray(replaced.levels, dtype=float)
    values = values[np.isfinite(values)]
    bars = []
    if len(values):
        none, part, most = (
            float(np.mean(mask)) for mask in (values < 0.25, (values >= 0.25) & (values < 0.75), values >= 0.75)
        )
        parts = [
            (none, "red", "less than a quarter"),
            (part, "sand", "a part"),
            (most, "teal", "three quarters or more"),
        ]
        bars = [("Replaced by others within a year, in 100 cut-offs", parts)]
    bars.append(
        ("The supplier was back within two years, in 100 cut-offs", [(back, "blue2", "yes"), (1 - back, "grey3", "no")])
    )
    title = f"Of similar cut-offs, {say.tenths(back)} were undone within two years"
    legend = [("red", "less than a quarter replaced"), ("sand", "a part"), ("teal", "three quarters or more"),
              ("blue2", "supplier back")]  # fmt: skip
    picture = charts.shares(bars, title=title, said=f"{title}.", sources=known.sources, legend=legend)
    names = [
        f"{countries.name(str(row['supplier']))} → {countries.name(str(row['importer']))}, "
        f"{row['product']}, {row['year']}"
        for row in known.neighbours().head(named).to_dict("records")
    ]
    return {"title": title, "told": say.sentences(known.sentence()), "picture": vars(picture), "names": names,
            "sources": sorted(known.sources)}  # fmt: skip


def _in_per_cent(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares and chances as per cent, in whole numbers; what people do not ask for stands under "How we know"."""
    rows = rows[rows["unit"] != "points of the index"].copy()
    shares = rows["unit"].isin(["share", "chance"])
    for name in rows.columns.intersection(["middle", "low", "high", "came"]):
        rows[name] = rows[name].where(~shares, 100 * rows[name]).astype(float).round()
    rows["unit"] = rows["unit"].where(~shares, "per cent")
    return rows


def precedents(product: str, supplier: str, importer: str, cut: str, known_by: str) -> dict[str, Any]:
    """What followed the most similar cut-offs, asked in words; `cut` in per cent, `known_by` a day or empty.

    Raises InputError for words that no list has, a cut that is none, a share or a class that is not known.
    """
    from geoecon import episodes

    words = {"product": product, "supplier": supplier, "importer": importer}
    faults = [f"{name}: empty; allowed: a {name}" for name, value in words.items() if not value.strip()]
    try:
        fall = float(cut.strip().removesuffix("%")) / 100
    except ValueError:
        fall = np.nan
    if not 0 < fall <= 1 or (fall <= 0.01 and "%" not in cut):  # 0.5 is a half on the command line
        faults.append(f"cut {cut[:20]!r}; allowed: per cent above 1 up to 100, below with its sign (0.5%)")
    try:
        day = date.fromisoformat(known_by) if known_by else None
    except ValueError:
        faults.append(f"known_by {known_by[:20]!r}; allowed: YYYY-MM-DD, or empty")
    if faults:
        raise InputError(faults)
    good = lexicon.product(product)[0]
    try:
        known = episodes.precedents(good.hs[0], supplier=lexicon.state(supplier), importer=lexicon.state(importer),
                                    cut=fall, known_by=day, label=good.name)  # fmt: skip
    except MissingData as gap:
        raise InputError(str(gap)) from None
    notes = list(known.notes)
    if len(good.hs) > 1:
        notes.append(f"{good.name} has several codes ({', '.join(good.hs)}); told is {good.hs[0]}")
    small = table_of(_in_per_cent(known.summary()))
    more = {"table": {"columns": list(map(list, small.columns)), "rows": [list(row) for row in small.rows],
                      "numeric": list(small.numeric), "shared": small.shared, "total": small.total}}  # fmt: skip
    return dict(plain(told(known, SHOWN) | more | {"notes": notes, "method": known.METHOD}))
