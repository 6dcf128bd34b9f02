"""A shock to any input-output table: events, caps on flows, changes of demand; output and losses by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.disruption import shock_tables
from geoecon.disruption.economy import BOARIO, Array, Behaviour, Economy, build
from geoecon.disruption.events import Event, Losses, Rebuilding, losses
from geoecon.disruption.shock_tables import Given
from geoecon.disruption.shocks import Shocks
from geoecon.disruption.simulate import Course, run
from geoecon.errors import Fault, InputError
from geoecon.figure import Figure, cite, number
from geoecon.production import IOTable, read_table
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt
    import xarray as xr
    from numpy.typing import NDArray


AT_ONCE = 10.0  # days of use that an empty stock orders in a day, from which orders swing


@dataclass(frozen=True, eq=False)
class ShockPath(Result):
    """Result of `disrupt`: `output` share of base (day, region, sector); sums by region in the table's unit a day."""

    output: xr.DataArray
    base_output: xr.DataArray  # (region, sector) a day
    value_added: xr.DataArray  # (day, region)
    base_value_added: xr.DataArray  # (region,)
    unmet: xr.DataArray  # (day, region) final demand not met, by consumer
    capacity: xr.DataArray  # (day, industry) capacity left of the industries hit
    unit: str
    name: str
    sources: frozenset[str] = frozenset()
    notes: tuple[str, ...] = field(default=())

    METHOD: ClassVar[str] = (
        "Adaptive regional input-output model with inventories, by day (Hallegatte 2008, 2014; Henriet et al. 2012): "
        "output is the least of demand, capacity and what stocks allow; everyone gets the same share of what was "
        "ordered; orders refill stocks; scarce industries raise capacity slowly.\n"
        "Losses of one industry on the same day multiply. A cap holds a flow at a share of its base value, in orders "
        "and in deliveries. What is missing is ordered elsewhere as far as the cap says; the rest leaves a hole in the "
        "buyer's stock.\n"
        "Not modelled: prices and substitution between goods."
    )

    @property
    def lost(self) -> Array:
        """(region,) value added lost over the horizon."""
        return np.asarray((self.base_value_added - self.value_added).sum("day").values)

    def to_frame(self) -> pd.DataFrame:
        """Tidy: day, region, sector, output (share of base)."""
        return self.output.rename("output").to_dataframe().reset_index()

    def summary(self) -> pd.DataFrame:
        """Regions by value added lost, at most twelve."""
        names = list(self.value_added["region"].values)
        days = self.output.sizes["day"]
        frame = pd.DataFrame(
            {
                "region": names,
                f"value added lost, {self.unit}": self.lost,
                "value added lost, %": self.lost / np.maximum(self.base_value_added.values * days, 1e-300) * 100,
                f"final demand unmet, {self.unit}": self.unmet.sum("day").values,
                "worst day of output, % of base": (self.output * self.base_output).sum("sector").min("day").values
                / np.maximum(self.base_output.sum("sector").values, 1e-300)
                * 100,
            }
        )
        return frame.sort_values(frame.columns[1], ascending=False, kind="stable").head(12).reset_index(drop=True)

    def figures(self) -> dict[str, Figure]:
        period = f"{self.output.sizes['day']} days"
        found = {"lost_value_added": Figure(float(self.lost.sum()), self.unit, period, self.sources,
                                            label="value added lost, all regions")}  # fmt: skip
        for name, value in zip(self.value_added["region"].values, self.lost, strict=True):
            found[f"lost_value_added.{name}"] = Figure(float(value), self.unit, period, self.sources,
                                                       label=f"value added lost, {name}")  # fmt: skip
        return dict(list(found.items())[:12])

    def sentence(self) -> str:
        worst = int(self.lost.argmax())
        region = self.value_added["region"].values[worst]
        text = f"{number(float(self.lost.sum()))} {self.unit} of value added is lost in {self.output.sizes['day']} days"
        return f"{text}, {number(float(self.lost[worst]))} of it in {region}." + (
            f" {self.notes[0]}." if self.notes else ""
        )

    def to_xarray(self) -> xr.Dataset:
        import xarray as xr

        names = ("output", "base_output", "value_added", "base_value_added", "unmet", "capacity")
        found = xr.Dataset({name: getattr(self, name) for name in names})
        return found.assign_attrs(unit=self.unit, sources=sorted(self.sources), notes=list(self.notes))

    def map(self) -> alt.VConcatChart:
        """Lost output by region and sector over the horizon."""
        from geoecon.disruption import pictures

        return pictures.lost_by_industry(self)

    def chart(self) -> alt.VConcatChart:
        """Output by day of the industries that lose most."""
        from geoecon import charts

        lost = ((1 - self.output) * self.base_output).sum("day").stack(industry=("region", "sector"))
        top = lost.sortby(lost, ascending=False)[:5]["industry"].values
        frame = self.to_frame()
        frame["industry"] = frame["region"] + "/" + frame["sector"]
        frame = frame[frame["industry"].isin([f"{r}/{s}" for r, s in top])]
        frame = frame.assign(output=frame["output"] * 100)
        chart = charts.path(frame, "day", "output", color="industry", x_title="day", y_title="output, % of base")
        return charts.finish(chart, self.sentence(), "Output by day of the industries that lose most", self.sources)


def disrupt(
    table: IOTable | str | Path,
    *,
    events: Given | Sequence[Event] | None = None,
    caps: Given | None = None,
    demand: Given | None = None,
    days: int = 365,
    behaviour: Behaviour | None = None,
    parity: str | None = None,
    criticality: NDArray[np.int8] | None = None,
    capital: Array | None = None,
    repair: bool = False,
) -> ShockPath:
    """How far a shock to a table travels, day by day; day 0 is the first.

    The table may be a file or folder that `production.read_table` reads; the others are frames or CSV files.
    `events`: columns event, region, sector, start_day, duration_days, capacity_loss (share), recovery (none, linear,
    convex, convex unscaled, s-shaped), recovery_days, or `Event`s; optional kind: capacity, or capital and rebuild
    with the `amount` of capital destroyed in the table's unit, and `rebuilt_by` ("construction: 0.7; machinery: 0.3").
    `caps`: exporter, sector, importer, to_sector, from_day, cap (share of the base flow), optional to_day,
    and for supplier switching switch_share, switch_after_days, switch_ramp_days. `demand`: region, sector, consumer,
    from_day, change (−0.93: 93 per cent less), optional to_day. `parity="boario"` follows the order of steps of
    BoARIO 0.7.2. Raises InputError naming all bad cells, unknown industries or flows, days after the horizon, and
    shares out of range at once; a cap of one, which changes nothing, is noted.
    """
    wrong = [f"days {days}; allowed: a number from 1"] if days < 1 else []
    if parity not in (None, "boario"):
        wrong.append(f"parity {parity!r}; allowed: boario")
    elif parity and (caps is not None or behaviour is not None):
        wrong.append("parity boario: the peer knows no caps and has its own behaviour; allowed: events")
    if wrong:
        raise InputError(wrong)
    table = table if isinstance(table, IOTable) else read_table(table)
    economy = build(table, BOARIO if parity else behaviour, criticality=criticality, repair=repair)
    faults: list[str | Fault] = []
    listed = shock_tables.events(events, economy, days, faults)
    fixed = Losses(np.zeros(0, np.int64), np.zeros((days, 0)), ())
    try:
        fixed = losses(economy, [event for event in listed if event.kind != "rebuild"], days, capital)
    except InputError as error:
        faults.extend(error.faults)
    notes = [
        *(f"table: {one}" for one in table.caveats),
        *fixed.notes,
        *shock_tables.without_effect(economy, listed, days),
    ]
    edges = shock_tables.caps(economy, caps, days, faults, notes)
    wanted = shock_tables.demand(economy, demand, days, faults)
    if faults:
        raise InputError(faults)
    if not listed and not edges and not wanted:
        notes.append("no shock was given: this is the base")
    notes.extend([*_at_once(economy), *economy.repairs] if listed or edges or wanted else economy.repairs)
    rebuild = [event for event in listed if event.kind == "rebuild"]
    rebuilding = Rebuilding(economy, [rebuild], fixed, capital) if rebuild else None
    shocks = Shocks(days, loss_at=fixed.at, loss=fixed.loss[:, :, None], **edges, **wanted)
    course = run(economy, shocks, rebuilding=rebuilding)
    return _path(economy, course, fixed, tuple(notes))


def _at_once(economy: Economy) -> list[str]:
    """A note where gaps in stocks are ordered so fast that orders swing: a peak of demand is then the model's own."""
    ratio = np.divide(economy.inventory, economy.restoration, where=np.isfinite(economy.inventory),
                      out=np.zeros_like(economy.inventory))  # fmt: skip
    if economy.behaviour.parity or not (ratio > AT_ONCE).any():
        return []
    days = float(economy.restoration[int(ratio.argmax())])
    whole = "the whole gap in a stock is" if days <= 1 else f"{1 / days:.0%} of a gap in a stock are"
    return [
        f"restoration_days {days:g}: {whole} ordered at once, {float(ratio.max()):.3g} times a day's use after a stop: "
        "peaks of demand and output after an event come from that assumption (60 days is usual)"
    ]


def _path(economy: Economy, course: Course, fixed: Losses, notes: tuple[str, ...]) -> ShockPath:
    import xarray as xr

    R, S = economy.size
    place, sector = {"region": list(economy.regions)}, {"sector": list(economy.sectors)}
    base = economy.output.reshape(S, R).T
    made = course.kept[:, :, 0].reshape(-1, S, R).transpose(0, 2, 1)
    share = np.divide(made, base, out=np.ones_like(made), where=base > 0)
    papers = {cite(f"disruption-{paper}") for paper in ("hallegatte-2008", "hallegatte-2014", "henriet-2012")}
    return ShockPath(
        output=xr.DataArray(share, dims=("day", "region", "sector"), coords={**place, **sector}),
        base_output=xr.DataArray(base, dims=("region", "sector"), coords={**place, **sector}),
        value_added=xr.DataArray(course.value_added[:, :, 0], dims=("day", "region"), coords=place),
        base_value_added=xr.DataArray(economy.base_value_added, dims=("region",), coords=place),
        unmet=xr.DataArray(course.unmet[:, :, 0], dims=("day", "region"), coords=place),
        capacity=xr.DataArray(1 - fixed.loss, dims=("day", "industry"),
                              coords={"industry": [economy.labels[i] for i in fixed.at]}),
        unit=economy.unit,
        name=economy.table.name if economy.table is not None else "table",
        sources=economy.sources | papers,
        notes=notes,
    )  # fmt: skip
