"""Said and was: reliability by class of outcome, scores beside simpler forecasts, more days to be judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from geoecon import dates
from geoecon.case import Case
from geoecon.past_error import CLASS_NAMES
from geoecon.scorecard import SCORED, Scorecard, read_outcomes

SAID = (0.5, 0.8, 0.9)
CROSSED = ("first_shortage_day", "worst_output_month")  # bounds of which crossing is what is feared
CHANCES, CHANCE_WORDS = (0, 0.1, 0.33, 0.67, 1), ("to 10 %", "10 to 33 %", "33 to 67 %", "above 67 %")


def reliability(measured: pd.DataFrame) -> pd.DataFrame:
    """By class: outcomes, share inside bands said to hold 50, 80 and 90 %, of the draws alone, and mean scores.

    Scores stand on the scale of the class (log, logit, arcsinh); the log score is in nats, smaller is better. A band
    without an upper end has no width: it is counted apart, and left out of both interval scores.
    """
    rows = []
    for name, part in [*measured.groupby("class", sort=True), ("all", measured)]:
        rank = part["past_rank"].astype(float)
        widths = part[["past_interval_score", "interval_score"]].astype(float)
        bounded = np.isfinite(widths).all(axis=1)
        mean = widths[bounded].mean()
        rows.append(
            {"class": CLASS_NAMES.get(str(name), str(name)), "outcomes": len(part)}
            | {f"said {100 * said:.0f} %": (abs(rank - 0.5) <= said / 2).mean() for said in SAID}
            | {
                "80 % of the draws": part["inside"].mean(),
                "interval score": mean["past_interval_score"],
                "of the draws": mean["interval_score"],
                "bands without an end": int((~bounded).sum()),
                "CRPS": part["scaled_crps"].replace(np.inf, np.nan).mean(),
                "log score": part["log_score"].mean(),
            }
        )
    return pd.DataFrame(rows)


def chances(scores: pd.DataFrame) -> pd.DataFrame:
    """Said and came, for chances: stops and falls (thresholds that were or were not crossed), and endings.

    Columns: of, said (class of the chance), forecasts, cases, mean said, share that came, Brier score.
    """
    mine = scores[(scores["state"] == SCORED) & scores["probability"].notna()]
    bounds = (mine["kind"] == "censored") & mine["metric"].isin(CROSSED)
    mine = mine[bounds | (mine["kind"] == "event")]
    kept = mine["kind"] == "censored"  # what was said of a bound that held: that it would be crossed
    said = np.where(kept, 1 - mine["probability"].astype(float), mine["probability"].astype(float))
    came = np.where(kept, 0.0, mine["observed"].astype(float))
    of = np.where(kept, "a stop or a fall", "an ending")
    table = pd.DataFrame({"of": of, "value": said, "came": came, "case": mine["case"].to_numpy()})
    table["said"] = pd.cut(table["value"], CHANCES, labels=CHANCE_WORDS, include_lowest=True)
    rows = [
        (of, said, len(part), part["case"].nunique(), part["value"].mean(), part["came"].mean(),
         ((part["value"] - part["came"]) ** 2).mean())
        for (of, said), part in table.groupby(["of", "said"], observed=True)
    ]  # fmt: skip
    names = ["of", "said", "forecasts", "cases", "mean said", "came", "Brier score"]
    return pd.DataFrame(rows, columns=names)


def counted(trials: pd.DataFrame, measured: pd.DataFrame, days: bool = False) -> pd.DataFrame:
    """By case and condition over all cut-off days, or by `days` as well: outcomes scored, failed, measured, and inside
    each 80 % band."""
    if trials.empty:
        return trials
    keys = ["case", "cut-off", "condition"] if days else ["case", "condition"]
    measured = measured.rename(columns={"cutoff": "cut-off"})
    found = trials.groupby(keys, sort=False)[["scored", "failed"]].sum()
    if len(measured):
        inside = measured.groupby(keys)[["past_inside", "inside"]].sum().astype(int)
        found = found.join(measured.groupby(keys).size().rename("measured")).join(inside)
        names = {"past_inside": "inside with past error", "inside": "inside of the draws"}
        found[["measured", *names]] = found[["measured", *names]].fillna(0).astype(int)
        found = found.rename(columns=names)
    lacking = trials.groupby(keys, sort=False)["stages lacking"].first()
    return found.join(lacking).reset_index()


def against(cards: Sequence[Scorecard]) -> pd.DataFrame:
    """By class: outcomes that have a rival, our score and the rival's on the same ones, and who is better.

    Rivals: no change (its absolute error beside our CRPS, both on the scale of the class), published forecasts
    (absolute errors), and for events the share of the other cases in which the same came to pass (Brier).
    """
    rows: list[tuple[str, str, int, float, float]] = []
    found = pd.concat([card.measured() for card in cards], ignore_index=True) if cards else pd.DataFrame()
    if len(found):
        for name, part in found[found["scaled_no_change"].notna()].groupby("class", sort=True):
            ours, theirs = part["scaled_crps"].astype(float), part["scaled_no_change"].astype(float)
            finite = np.isfinite(ours)
            rows.append((CLASS_NAMES.get(str(name), str(name)), "no change", int(finite.sum()),
                         float(ours[finite].mean()), float(theirs[finite].mean())))  # fmt: skip
    published = pd.concat([card.published for card in cards], ignore_index=True) if cards else pd.DataFrame()
    if len(published):
        for unit, part in published.dropna(subset=["error", "our_error"]).groupby("unit", sort=True):
            rows.append((str(unit), "published forecasts", len(part), float(part["our_error"].mean()),
                         float(part["error"].mean())))  # fmt: skip
    rows += _base_rate(cards)
    names = ["class", "rival", "outcomes", "our score", "its score"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(better=np.where(table["our score"] < table["its score"], "ours", "the rival"))


def _base_rate(cards: Sequence[Scorecard]) -> list[tuple[str, str, int, float, float]]:
    """Events beside how often the same ending came in the other cases."""
    parts = [
        card.scores[(card.scores["kind"] == "event") & (card.scores["state"] == SCORED)].assign(case=card.case)
        for card in cards
    ]
    events = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if events.empty:
        return []
    ending = events["of"].str.partition("@")[0]
    rivals = []
    for case, name, seen in zip(events["case"], ending, events["observed"], strict=True):
        others = events[(ending == name) & (events["case"] != case)]
        share = float(others.groupby("case")["observed"].mean().mean()) if len(others) else 0.5
        rivals.append((share - float(seen)) ** 2)
    return [("endings", "base rate of the other cases", len(events), float(events["crps"].mean()),
             float(np.mean(rivals)))]  # fmt: skip


def every_quarter(case: Case) -> Case:
    """The case with the first day of each quarter among its cut-offs, as long as an outcome lies ahead."""
    last = max(dates.last_day(day) for day in read_outcomes(case)["date"])
    first = case.cutoffs[0]
    days = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 4, 7, 10))
    return replace(case, cutoffs=tuple(sorted({*case.cutoffs, *(day for day in days if first < day < last)})))
