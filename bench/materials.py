"""What the record of cut-offs teaches about the technology of a material, each case left out in turn; and the table
of bars that the model must meet.

    python bench/materials.py            the table: chances given to what happened, with what was estimated without it
    python bench/materials.py --write    estimate anew and write the rows into the package (about three minutes)

Hierarchical: a case's parameters lie around common ones; the spread between cases is chosen by the marginal likelihood.
Many points of the common parameters are tried on the flows of every case (blind, or told the measures where a row says
so); a point's likelihood of a case is the mean over draws of everything else. Reported: the posterior of the next case.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm, qmc

import geoecon as ge
from geoecon import line
from geoecon.disruption.material_path import material_path
from geoecon.disruption.materials import Materials
from geoecon.disruption.setting import Setting
from geoecon.disruption.stage import aligned, by_day
from geoecon.draws import sample, triangular

HERE = Path(__file__).parent
RECORD = HERE / "materials_record.csv"
DEFAULTS = HERE.parent / "src" / "geoecon" / "disruption" / "defaults.csv"
POINTS, EACH, DRAWS, CHUNK = 1000, 16, 400, 700
ERROR = 0.03  # chance that a report is wrong
HEARD = 0.5  # chance that the stop of a single plant would have been reported
SPREADS = (0.3, 0.6, 1.0)  # between cases, in standard deviations of the prior
# prior: low, centre, high (10, 50, 90 %); log-normal where the lowest is above zero, else triangular
PRIORS: Mapping[str, tuple[str, float, float, float]] = {
    "substitution_now": ("log", 0.01, 0.03, 0.09),
    "substitution_long": ("log", 0.3, 0.6, 1.2),
    "substitution_days": ("log", 550, 1095, 2200),
    "relief_days": ("log", 45, 120, 320),
    "stock_spread": ("log", 0.45, 0.7, 1.1),
    "pool_share": ("tri", 0.0, 0.1, 0.6),
    "single_source_share": ("tri", 0.0, 0.4, 0.9),
    "others_response": ("tri", 0.0, 0.1, 0.4),
    "lump_share": ("tri", 0.0, 0.5, 1.0),
}
VARIED = ("substitution_now", "relief_days", "pool_share", "single_source_share", "lump_share")  # between cases
FIELDS = {"pool_share": "pool", "single_source_share": "single", "others_response": "response", "lump_share": "lump"}


@dataclass(frozen=True)
class Row:
    """One observation: what happened to a material until a day of a case (`use` and `price`: its mean from day `since`
    until that day, the days of which the published figure is the mean; `peak`: the dearest month); the forecast is
    made on `day`, at the case's first cut-off where none is given."""

    case: str
    product: str
    measures: str
    day: str
    kind: str
    since: int
    until: int
    value: float
    sd: float
    bar: str

    @property
    def run(self) -> tuple[str, str, str]:
        return self.case, self.measures, self.day

    @property
    def key(self) -> tuple[str, int, int]:
        return self.product, self.since, self.until


def record() -> list[Row]:
    """The rows of `materials_record.csv`."""
    with RECORD.open(encoding="utf-8") as lines:
        return [
            Row(r["case"], r["product"], r["measures"], r["day"], r["kind"], int(r["since"]), int(r["until"]),
                float(r["value"] or "nan"), float(r["sd"] or "nan"), r["bar"])
            for r in csv.DictReader(lines)
        ]  # fmt: skip


def points(n: int = POINTS) -> tuple[dict[str, Any], Any]:
    """({parameter: (n,)}, (n, parameter) standard normal places) from the priors, a Latin hypercube."""
    unit = qmc.LatinHypercube(len(PRIORS), rng=np.random.default_rng(11)).random(n)
    found = {}
    for (name, (shape, low, centre, high)), u in zip(PRIORS.items(), unit.T, strict=True):
        if shape == "log":
            found[name] = centre * np.exp(norm.ppf(u) * np.log(high / low) / (2 * norm.ppf(0.9)))
        else:
            found[name] = triangular(u, low, centre, high)
    return found, norm.ppf(np.clip(unit, 1e-4, 1 - 1e-4))


def flows(name: str, measures: str, day: str) -> dict[str, Any]:
    """What a case's rules let through, with its materials as the line has them, by draw."""
    case = ge.load_case(name).with_scenario(measures=measures)
    case = case.at(date.fromisoformat(day) if day else case.cutoffs[0])
    done = line.run(case, draws=DRAWS, until="catchup")
    draws = sample(case.parameters, DRAWS, 0)
    given = done.results
    found, days = Setting(case, draws, given.get("precedents")), case.horizon_days
    share = aligned(given["controls"].share, found.products, days, draws.n)
    left = by_day(given["catchup"].remaining, found.products, days, draws.n) if "catchup" in given else None
    return {
        "products": found.products, "materials": found.materials_under(share), "left": left,
        "share": share,
        "free": aligned(given["controls"].free, found.products, days, draws.n),
    }  # fmt: skip


def simulate(flow: Mapping[str, Any], given: Mapping[str, Any], rows: Any, days: int) -> Any:
    """The path of a case for points of the parameters (N,), each with one draw of everything else."""
    shape = (len(rows), len(flow["products"]))
    values = {name: value[rows] for name, value in vars(flow["materials"]).items()}
    for name, value in given.items():
        values[FIELDS.get(name, name)] = np.broadcast_to(value[:, None], shape)
    values["response"] = values["response"] * (flow["materials"].response[rows] > 0)  # else a precedent tells it
    values["substitution_long"] = np.maximum(values["substitution_long"], values["substitution_now"])
    left = None if flow["left"] is None else flow["left"][rows, :days]
    return material_path(flow["share"][rows, :days], Materials(**values), left, flow["free"][rows, :days])


def seen(path: Any, g: int, since: int, until: int) -> dict[str, Any]:
    """What can be compared with a record, (N,): chances of no fall and of a stop, use and price of the days asked for,
    use of the first year, price of the dearest month."""
    return {
        "no_fall": (path.worst_month(until)[:, g] >= 0.95).astype(float),
        "stop": path.stop_chance()[:, min(until, path.use.shape[1]) - 1, g],
        "use": path.use[:, :365, g].mean(axis=1),
        "use_then": path.use[:, since:until, g].mean(axis=1),
        "price_then": path.day_price()[:, since:until, g].mean(axis=1),
        "price": path.dearest_month()[:, g],
        "output": 1 - path.worst_month(until)[:, g],
        "loss": path.loss[:, :365, g].mean(axis=1),
    }  # fmt: skip


def all_seen(rows: list[Row], given: Mapping[str, Any]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """{(case, measures, day, product, since, until): {what: (point, draw)}}."""
    n, found = len(next(iter(given.values()))), {}
    for run in dict.fromkeys(row.run for row in rows):
        mine = [row for row in rows if row.run == run]
        flow = flows(*run)
        days = min(max(365, *(row.until for row in mine)), flow["share"].shape[1])
        parts: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
        for start in range(0, n * EACH, CHUNK):
            at = np.arange(start, min(start + CHUNK, n * EACH))
            pick = np.random.default_rng(start).integers(1, DRAWS + 1, len(at))
            path = simulate(flow, {name: value[at // EACH] for name, value in given.items()}, pick, days)
            for key in dict.fromkeys(row.key for row in mine):
                parts.setdefault(key, []).append(seen(path, flow["products"].index(key[0]), *key[1:]))
        for key, some in parts.items():
            joined = {what: np.concatenate([part[what] for part in some]).reshape(n, EACH) for what in some[0]}
            found[(*run, *key)] = joined
    return found


def likelihood(row: Row, what: Mapping[str, Any]) -> Any:
    """(point, draw) of one observation."""
    if row.kind == "no_stop":
        return ERROR + (1 - 2 * ERROR) * what["no_fall"] * (1 - HEARD * what["stop"])
    if row.kind == "stop":
        return ERROR + (1 - 2 * ERROR) * what["no_fall"] * what["stop"]
    if row.kind == "use":
        return np.exp(-(((what["use_then"] - row.value) / row.sd) ** 2) / 2) + 1e-4
    price = what["price_then" if row.kind == "price" else "price"]
    return np.exp(-((np.log(np.maximum(price, 1e-6) / row.value) / row.sd) ** 2) / 2) + 1e-4


def by_case(rows: list[Row], told: Mapping[Any, Any]) -> dict[str, Any]:
    """{case: (point,) log-likelihood}, the rows of a run sharing their draws."""
    found: dict[str, Any] = {}
    for case in dict.fromkeys(row.case for row in rows):
        total = 0.0
        for run in dict.fromkeys(row.run for row in rows if row.case == case):
            mine = [row for row in rows if row.run == run and row.kind != "shown"]
            if mine:
                each = [likelihood(row, told[(*run, *row.key)]) for row in mine]
                total = total + np.log(np.mean(np.prod(each, axis=0), axis=1))
        found[case] = total
    return found


class Posterior:
    """Weights of the points for the next case, with some case left out."""

    def __init__(self, places: Any, scores: Mapping[str, Any]):
        at = [list(PRIORS).index(name) for name in VARIED]
        near = ((places[:, None, at] - places[None, :, at]) ** 2).sum(axis=2)
        back = (places[:, at] ** 2).sum(axis=1) / 2  # the points are drawn from the prior
        options = []
        for spread in SPREADS:
            kernel = np.exp(-near / (2 * spread**2) + back[None])
            kernel /= kernel.sum(axis=1, keepdims=True)
            smooth = {case: np.log(kernel @ np.exp(score)) for case, score in scores.items()}
            total = np.asarray(sum(smooth.values()))
            options.append((np.log(np.mean(np.exp(total - total.max()))) + total.max(), spread, kernel, smooth))
        self.evidence, self.spread, self.kernel, self.smooth = max(options, key=lambda option: option[0])

    def common(self, without: str = "") -> Any:
        total = np.asarray(sum(score for case, score in self.smooth.items() if case != without))
        weight = np.exp(total - total.max())
        return weight / weight.sum()

    def next_case(self, without: str = "") -> Any:
        return self.common(without) @ self.kernel


def quantiles(values: Any, weight: Any, at: Any) -> Any:
    order = np.argsort(values)
    return np.interp(at, np.cumsum(weight[order]) / weight.sum(), values[order])


def triangle(values: Any, weight: Any) -> tuple[float, float, float]:
    """(low, mode, high) of the triangular distribution nearest to the posterior at nine quantiles."""
    at = np.linspace(0.1, 0.9, 9)
    want = quantiles(values, weight, at)
    scale = want[-1] - want[0]

    def apart(x: Any) -> float:
        mode, below, above = x[0], abs(x[1]), abs(x[2])
        return float(((triangular(at, max(mode - below, 0), max(mode, 0), max(mode, 0) + above) - want) ** 2).sum())

    best = minimize(apart, [want[4], scale, scale], method="Nelder-Mead", options={"maxiter": 2000})
    mode, low, high = max(best.x[0], 0), max(best.x[0] - abs(best.x[1]), 0), max(best.x[0], 0) + abs(best.x[2])
    return float(low), float(mode), float(high)


def write(given: Mapping[str, Any], posterior: Posterior, cases: list[str]) -> None:
    """Rows of defaults.csv: with all cases, and `name.without_case` for each of them."""
    lines = DEFAULTS.read_text(encoding="utf-8").splitlines()
    old = {line_.split(",")[0]: next(csv.reader([line_])) for line_ in lines[1:]}
    kept = [line_ for line_ in lines if not any(line_.startswith(f"{name}.without_") for name in PRIORS)]
    found = []
    for line_ in kept:
        name = line_.split(",")[0]
        if name not in PRIORS:
            found.append(line_)
            continue
        unit, meaning = old[name][4], old[name][6].split("; estimated")[0]
        for case in ("", *cases):
            low, mode, high = triangle(given[name], posterior.next_case(case))
            if PRIORS[name][0] == "tri":
                high = min(high, 1.0)
            label = f"{name}.without_{case}" if case else name
            text = f"{meaning}; estimated on the record of cut-offs" + (f" without {case}" if case else "")
            row = [label, f"{low:.3g}", f"{mode:.3g}", f"{high:.3g}", unit, "2026", text, "disruption-estimates",
                   "computed"]  # fmt: skip
            found.append(_csv(row))
    DEFAULTS.write_text("\n".join(found) + "\n", encoding="utf-8")


def _csv(row: list[str]) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in row)


def shipped(case: str, names: list[str], n: int) -> dict[str, Any]:
    """Draws of the estimated parameters as the package has them, without a case."""
    parameters = ge.load_case(case).parameters
    values = sample({name: parameters[name] for name in parameters if name.split(".")[0] in names}, n, 5).values
    return {name: values.get(f"{name}.without_{case}", values[name])[1:] for name in names}


def table(rows: list[Row]) -> list[tuple[Any, ...]]:
    """The bars: for every row what the model gives, with estimates that left its case out."""
    found = []
    for case in dict.fromkeys(row.case for row in rows):
        given = shipped(case, list(PRIORS), 120)
        told = all_seen([row for row in rows if row.case == case], given)
        for row in (row for row in rows if row.case == case):
            what = {key: value.ravel() for key, value in told[(*row.run, *row.key)].items()}
            use, price = np.median([what["use"], what["price"]], axis=1)
            loss = np.quantile(what["loss"], [0.1, 0.5, 0.9])
            found.append((row, float(what["no_fall"].mean()), float(what["stop"].mean()), use, price, loss))
    return found


def show(found: list[tuple[Any, ...]]) -> None:
    """The rows, then the bars."""
    print(f"{'case':30} {'material':22} {'told':9} {'what':8} {'day':>4} {'no fall':>8} {'a stop':>7} {'use':>5} price")
    for row, no_fall, stop, use, price, _ in found:
        print(f"{row.case:30} {row.product:22} {row.measures:9} {row.kind:8} {row.until:4d} {no_fall:8.2f} {stop:7.2f} "
              f"{use:5.2f} {price:5.1f} {row.bar}")  # fmt: skip
    seven = np.array([no_fall for row, no_fall, *_ in found if row.bar == "seven"])
    quiet = np.array([1 - stop for row, _, stop, *_ in found if row.bar == "seven"])
    score = np.log(np.maximum(seven, 0.005)).mean()
    print(f"\nno stop came, mean chance given to no fall: {seven.mean():.2f} (bar 0.75)")
    print(f"mean log score {score:.2f} (bar -0.45)")
    print(f"the same, chance given to no stop of any plant: {quiet.mean():.2f}")
    for row, no_fall, stop, use, price, _ in found:
        if row.bar == "stop":
            print(f"stops came: chance of one within {row.until} days {stop:.2f} (bar 0.5), "
                  f"of a fall {1 - no_fall:.2f} (at most 0.35)")  # fmt: skip
        if row.bar in ("gas", "eve"):
            print(f"gas, told on {row.day or 'day one'}: use {use:.2f} (0.75-0.87), highest price {price:.1f} (4-10)")
    gas = ge.load_case("russia-germany-gas-2022").with_scenario(measures="observed")
    for day in gas.cutoffs:
        path = line.run(gas.at(day), draws=100, until="disruption").disruption
        for key in ("direct_loss_share.1y", "gdp_change_1y.DEU", "income_change_1y.DEU", "import_bill_1y"):
            low, middle, high = np.quantile(path.samples()[key].values[1:], [0.1, 0.5, 0.9])
            print(f"gas, {day}: {key} {middle:.3g} ({low:.3g} to {high:.3g}) (GDP -0.2 to -1.2)")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--write", action="store_true", help="estimate anew and write the rows into the package")
    rows, chosen = record(), asked.parse_args()
    if chosen.write:
        given, places = points()
        posterior = Posterior(places, by_case(rows, all_seen(rows, given)))
        print(
            f"spread between cases {posterior.spread} prior standard deviations, log evidence {posterior.evidence:.2f}"
        )
        for name in PRIORS:
            before, after = (np.quantile(given[name], [0.1, 0.5, 0.9]),
                             quantiles(given[name], posterior.next_case(), [0.1, 0.5, 0.9]))  # fmt: skip
            print(f"{name:22} prior {np.round(before, 3)} next case {np.round(after, 3)}")
        write(given, posterior, sorted({row.case for row in rows}))
        print("defaults.csv written; run again for the table")
        return
    show(table(rows))


if __name__ == "__main__":
    main()
