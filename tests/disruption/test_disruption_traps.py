"""Inputs that users of other tools stumbled over, and what must happen to them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from disruption_worlds import random_table, table_of
from pytest import approx

from geoecon import InputError
from geoecon.disruption import Behaviour, Event, Shocks, build, disrupt, losses, rank, run
from geoecon.production import IOTable

TRAPS = Path(__file__).parent / "traps"
pytestmark = pytest.mark.filterwarnings("ignore")


def tidy(name):
    return IOTable.from_economy(pd.read_csv(TRAPS / name))


def wide(name):
    """The OECD layout of the trap files: Z, final demand, TLS and VA below, OUT at the right."""
    frame = pd.read_csv(TRAPS / name, index_col=0)
    industries = [row for row in frame.index if row not in ("TLS", "VA", "OUT")]
    final = [column for column in frame.columns if column not in (*industries, "OUT")]
    Y = frame.loc[industries, final].to_numpy(float)[:, None]
    return IOTable(
        frame.loc[industries, industries].to_numpy(float), Y, frame.loc[industries, "OUT"].to_numpy(float), ("KOR",),
        tuple(name.split("_", 1)[1] for name in industries), tuple(name.split("_", 1)[1] for name in final),
        value_added=frame.loc["VA", industries].to_numpy(float), taxes=frame.loc["TLS", industries].to_numpy(float),
        name=name,
    )  # fmt: skip


def test_falls_of_inventories_are_served_from_stock():
    """T30: −12 of C20's final demand is named and supplied from stock; output of the base day is that of the table."""
    economy = build(wide("30_negative_inventories.csv"))
    assert economy.output.sum() == approx(161 / 365)
    assert economy.final_total * 365 == approx([50, 73]) and economy.released * 365 == approx([12, 0])
    assert any("KOR/C20" in note and "-12" in note for note in economy.repairs)
    course = run(economy, Shocks(365))
    assert course.kept.sum(axis=1) == approx(161 / 365, rel=1e-12)
    path = disrupt(wide("30_negative_inventories.csv"), days=30)
    assert any("served" in note or "supplied from stock" in note for note in path.notes)


def test_demand_below_what_stock_supplies_is_carried():
    """Sibling: an industry whose whole final demand is a fall of inventories still balances and stands still."""
    Z = np.array([[10.0, 60.0], [15, 5]])
    Y = np.array([[[-40.0]], [[90.0]]])
    economy = build(table_of(Z, Y, 1, 2))
    assert economy.output * 365 == approx([30, 110])
    assert run(economy, Shocks(60)).kept == approx(np.broadcast_to(economy.output[None, :, None], (60, 2, 1)))


def test_negative_output_is_refused():
    Z = np.array([[1.0, 2.0], [3, 4]])
    with pytest.raises(InputError, match="R0/s0: output -37"):
        build(table_of(Z, np.array([[[-40.0]], [[90.0]]]), 1, 2))


def test_an_industry_without_output_spreads_nothing():
    """T34: no NaN anywhere, its zero stays zero, the others are not touched."""
    economy = build(tidy("34_zero_output_sector.csv"))
    course = run(economy, Shocks(90, loss_at=np.array([economy.index("KOR", "T")]), loss=np.full((90, 1, 1), 0.5)))
    assert np.isfinite(course.kept).all() and np.isfinite(course.stocks).all()
    assert course.kept[:, economy.index("KOR", "T")] == approx(0)
    assert course.kept[:, economy.index("KOR", "C26")] * 365 == approx(100, rel=1e-12)
    assert any("KOR/T has no output" in note for note in economy.repairs)
    assert np.isfinite(rank(tidy("34_zero_output_sector.csv"), days=30).nodes["index"]).all()


def test_an_unbalanced_table_is_refused_or_repaired():
    """T36: sector, both numbers and the tolerance; with repair, what was done is listed."""
    with pytest.raises(InputError) as error:
        build(wide("36_unbalanced.csv"))
    for word in ("KOR/C26", "307.5", "300", "0.5%"):
        assert word in str(error.value)
    repaired = build(wide("36_unbalanced.csv"), repair=True)
    assert any("KOR/C26" in note and "307.5" in note for note in repaired.repairs)
    assert repaired.output * 365 == approx([100, 300])


def test_sales_that_miss_output_are_refused():
    """Sibling: the row sum differs from the stated output."""
    table = random_table(1, 3)
    wrong = IOTable(table.Z.copy(), table.final.copy(), table.x * np.array([1, 1.2, 1]), table.regions, table.sectors)
    with pytest.raises(InputError, match="R0/s1"):
        build(wrong)


def test_an_isolated_sector_can_be_shocked():
    """T65: day 1 to 5 at 0.6 of capacity, back on day 6; the others do not move."""
    path = disrupt(tidy("65_isolated_sector/economy.csv"), events=pd.read_csv(TRAPS / "65_isolated_sector/events.csv"),
                   days=30)  # fmt: skip
    isolated = (path.output * path.base_output).sel(region="KOR", sector="T").values
    assert isolated[1] == approx(0.0821918, abs=1e-7)
    assert path.unmet.values[1].sum() == approx(0.0547945, abs=1e-7)
    assert 0.273973 * 0.999 <= path.unmet.values[1:6].sum() <= 0.2739735
    assert (np.diff(path.output.sel(sector="T").values[1:6, 0] / 0.6) <= 0.000275).all()
    assert isolated[6:] == approx(50 / 365)
    assert (path.output * path.base_output).sel(sector="C26").values == approx(0.273972602739726, rel=1e-12)
    assert not np.isnan(path.to_frame()["output"]).any()
    assert any("KOR/T has no inputs" in note for note in path.notes)


def test_overlapping_events_multiply_in_any_order():
    """T66: 0.3, then 0.3 × 0.4 while both last; the rule and the events are named."""
    events = pd.read_csv(TRAPS / "66_overlapping_events/events.csv")
    table = tidy("66_overlapping_events/economy.csv")
    for order in (events, events.iloc[::-1]):
        path = disrupt(table, events=order, days=60)
        left = path.capacity.values[:, 0]
        assert left[10:15] == approx(0.3) and left[15:20] == approx(0.12) and left[20:30] == approx(0.3)
        assert left[:10] == approx(1) and left[30:] == approx(1)
        note = next(text for text in path.notes if "overlap" in text)
        for word in ("flood", "strike", "KOR/C26", "15 to 19", "1.3", "multiplies"):
            assert word in note


def test_negative_value_added_gives_no_capital():
    """T70: named and refused for capital, fine for a capacity loss; the total is not changed."""
    table = wide("70_negative_value_added.csv")
    economy = build(table)
    destroyed = Event("fire", {("KOR", "D35"): 1.0}, 1, 5, kind="capital", recovery="linear", recovery_days=5)
    with pytest.raises(InputError, match=r"KOR/D35: value added -5.*capital stock"):
        losses(economy, [destroyed], 30)
    given = losses(economy, [destroyed], 30, capital=np.array([10.0, 100.0]))
    assert given.loss[1, 0] == approx(0.1)
    share = Event("strike", {("KOR", "D35"): 0.5}, 1, 5)
    path = disrupt(table, events=[share], days=30)
    assert path.output.sel(sector="D35").values.min() == approx(0.5)
    assert economy.value_added.sum() * 365 == approx(205)


def test_a_shock_that_exists_nowhere_is_refused():
    """T71: unknown sector with the known ones, day after the horizon, and a cap of one that says it does nothing."""
    table, caps = tidy("71_cap_on_empty_edge/economy.csv"), pd.read_csv(TRAPS / "71_cap_on_empty_edge/caps.csv")
    with pytest.raises(InputError) as error:
        disrupt(table, caps=caps, days=365)
    for word in ("line 2", "C25", "C20, C26", "line 3", "400", "365"):
        assert word in str(error.value)
    with pytest.raises(InputError):
        disrupt(table, caps=caps.iloc[:2], days=365)
    path, base = disrupt(table, caps=caps.iloc[2:], days=365), disrupt(table, days=365)
    assert path.output.values == approx(base.output.values, rel=1e-12)
    assert "changes nothing" in path.notes[0] and "changes nothing" in path.sentence()
    assert "no shock was given" in base.sentence()


@pytest.mark.parametrize(
    "caps, message",
    [
        (dict(cap=1.5), "share from 0 to 1"),
        (dict(cap=-0.1), "share from 0 to 1"),
        (dict(from_day=-1), "number from 0"),
        (dict(to_day=1, from_day=5), "after the start"),
        (dict(exporter="ATL"), "ATL"),
        (dict(sector="C26"), "no base flow"),
    ],
)
def test_bad_caps(caps, message):
    row = dict(exporter="JPN", sector="C20", importer="KOR", to_sector="C26", from_day=1, to_day=20, cap=0.5)
    with pytest.raises(InputError, match=message):
        disrupt(tidy("71_cap_on_empty_edge/economy.csv"), caps=pd.DataFrame([row | caps]), days=60)


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(region="ATL"), "ATL"),
        (dict(sector="C99"), "C99"),
        (dict(capacity_loss=1.2), "share from 0 to 1"),
        (dict(start_day=99), "before the horizon"),
        (dict(duration_days=-3), "number from 0"),
        (dict(duration_days=0), "an end after it"),
        (dict(recovery="soon"), "one of none"),
        (dict(recovery="linear", recovery_days=0), "recovery_days"),
    ],
)
def test_bad_events(change, message):
    row = dict(event="e", region="KOR", sector="C26", start_day=1, duration_days=5, capacity_loss=0.4, recovery="none",
               recovery_days=0)  # fmt: skip
    with pytest.raises(InputError, match=message):
        disrupt(tidy("65_isolated_sector/economy.csv"), events=pd.DataFrame([row | change]), days=60)


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(change=-1.5), "from −1"),
        (dict(consumer="ATL"), "KOR"),
        (dict(sector="X"), "X"),
        (dict(from_day=70), "horizon"),
    ],
)
def test_bad_demand(change, message):
    row = dict(region="KOR", sector="T", consumer="KOR", from_day=1, change=-0.5)
    with pytest.raises(InputError, match=message):
        disrupt(tidy("65_isolated_sector/economy.csv"), demand=pd.DataFrame([row | change]), days=60)


def test_a_boycott_costs_the_makers():
    """Demand 93 per cent lower for thirty days: output of an isolated maker falls by that and comes back."""
    demand = pd.DataFrame([dict(region="KOR", sector="T", consumer="KOR", from_day=5, to_day=35, change=-0.93)])
    output = disrupt(tidy("65_isolated_sector/economy.csv"), demand=demand, days=60).output.sel(sector="T").values[:, 0]
    assert output[5:35] == approx(0.07) and output[:5] == approx(1) and output[35:] == approx(1)


def test_nonsense_requests():
    table = random_table(2, 2)
    for wrong in (dict(days=0), dict(parity="other"), dict(parity="boario", caps=pd.DataFrame([{"cap": 1}]))):
        with pytest.raises(InputError, match="allowed"):
            disrupt(table, **wrong)
    with pytest.raises(InputError, match=r"more than|times its capital"):
        losses(build(table), [Event("e", {("R0", "s0"): 1e9}, 1, 2, kind="capital")], 10)
    with pytest.raises(InputError, match="criticality"):
        build(table, criticality=np.full((2, 2), 7))
    negative = table.Z.copy()
    negative[0, 1] = -3
    with pytest.raises(InputError, match="R0/s0"):
        build(table_of(negative, table.final, 2, 2))
    for wrong in (dict(importer="ATL"), dict(cap=2), dict(top=0)):
        with pytest.raises(InputError, match="allowed"):
            rank(table, **wrong)


def test_a_shock_without_effect_says_so():
    """Siblings of T71: a loss of nothing, an industry without output, a row after the horizon's end, two caps."""
    rows = [dict(event="calm", region="KOR", sector="C26", start_day=1, duration_days=5, capacity_loss=0.0,
                 recovery="none", recovery_days=0),
            dict(event="ghost", region="KOR", sector="T", start_day=1, duration_days=90, capacity_loss=0.5,
                 recovery="none", recovery_days=0)]  # fmt: skip
    path = disrupt(tidy("34_zero_output_sector.csv"), events=pd.DataFrame(rows), days=30)
    for word in ("calm: a loss of 0", "ghost: KOR/T has no output", "ghost: lasts until day 91"):
        assert any(word in note for note in path.notes)
    assert path.lost == approx(0, abs=1e-9)
    with pytest.raises(InputError, match="an end after it"):
        disrupt(tidy("34_zero_output_sector.csv"), events=pd.DataFrame([rows[0] | {"duration_days": 0}]), days=30)
    cap = dict(exporter="JPN", sector="C20", importer="KOR", to_sector="C26", from_day=1, to_day=20, cap=0.5)
    both = pd.DataFrame([cap, cap | {"cap": 0.2}])
    folder = "71_cap_on_empty_edge/economy.csv"
    twice = disrupt(tidy(folder), caps=both, days=30)
    assert any("the lower cap counts" in note for note in twice.notes)
    assert twice.output.values == approx(disrupt(tidy(folder), caps=both.iloc[::-1], days=30).output.values, rel=1e-12)


def test_files_are_read_as_frames_are(tmp_path):
    """Table, events and caps from files: the same result, physical lines in messages."""
    table, events = TRAPS / "65_isolated_sector/economy.csv", TRAPS / "65_isolated_sector/events.csv"
    from_files = disrupt(table, events=events, days=20)
    from_frames = disrupt(tidy("65_isolated_sector/economy.csv"), events=pd.read_csv(events), days=20)
    assert from_files.output.values == approx(from_frames.output.values)
    folder = TRAPS / "71_cap_on_empty_edge"
    with pytest.raises(InputError, match=r"caps line 2"):
        disrupt(folder / "economy.csv", caps=folder / "caps.csv", days=365)
    with pytest.raises(InputError, match="missing"):
        disrupt(table, events=tmp_path / "none.csv")


def test_events_of_every_kind_from_a_file(tmp_path):
    """Capital destroyed and capital rebuilt stand in the events file beside capacity losses; the same as `Event`s."""
    table = random_table(2, 3)
    head = "event,region,sector,start_day,duration_days,capacity_loss,recovery,recovery_days,kind,amount,rebuilt_by\n"
    file = tmp_path / "events.csv"
    file.write_text(
        head
        + "strike,R0,s0,2,10,0.4,linear,20,,,\n"
        + "flood,R1,s1,3,5,,convex,30,capital,50,\n"
        + "quake,R0,s2,5,4,,none,60,rebuild,80,s0: 0.7; s1: 0.3\n"
    )
    same = [
        Event("strike", {("R0", "s0"): 0.4}, 2, 10, recovery="linear", recovery_days=20),
        Event("flood", {("R1", "s1"): 50.0}, 3, 5, "capital", "convex", 30),
        Event("quake", {("R0", "s2"): 80.0}, 5, 4, "rebuild", recovery_days=60, sectors={"s0": 0.7, "s1": 0.3}),
    ]
    for parity in (None, "boario"):
        path = disrupt(table, events=file, days=90, parity=parity)
        assert (path.output.values == disrupt(table, events=same, days=90, parity=parity).output.values).all()
        assert path.output.values.min() < 0.95
    assert path.map().to_dict() and path.chart().to_dict() and path.to_xarray().sizes["day"] == 90


def test_all_faults_of_an_events_file_at_once(tmp_path):
    """Bad cells, industries that the table has not and starts after the horizon, each with its line; the table is named
    once only."""
    file = tmp_path / "us.csv"
    file.write_text(
        "event,region,sector,start_day,duration_days,capacity_loss,recovery,recovery_days\n"
        "strike,R0,B06,25,10,0.8,none,0\nq,PER,s1,1,1,0.1,none,0\nlate,R0,s1,400,5,0.5,none,0\n"
        "neg,R0,s1,-3,5,0.5,none,0\nover,R0,s1,5,5,1.2,none,0\nrec,R0,s1,5,5,0.2,cubic,3\n"
    )
    with pytest.raises(InputError) as error:
        disrupt(random_table(2, 3), events=file, days=365)
    lines = str(error.value).splitlines()
    assert len(lines) == 6
    for line, word in ((2, "'B06'"), (3, "'PER'"), (4, "400"), (5, "-3"), (6, "1.2"), (7, "cubic")):
        assert sum(f"line {line}" in told and word.strip("'") in told for told in lines) == 1, line


def test_all_faults_of_all_files_at_once(tmp_path):
    files = {
        "events": "event,region,sector,start_day,duration_days,capacity_loss,recovery,recovery_days\n"
        "a,R0,s0,1,5,1.4,none,0\nb,R0,s0,-2,5,0.4,soon,0\n",
        "caps": "exporter,sector,importer,to_sector,from_day,cap\nR0,s0,R9,s1,3,0.5\nR1,s0,R0,s1,99,0.5\n",
        "demand": "region,sector,consumer,from_day,change\nR0,s9,R1,3,-0.5\nR0,s0,R1,3,-2\n",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    with pytest.raises(InputError) as error:
        disrupt(random_table(2, 3), days=60, **{name: tmp_path / f"{name}.csv" for name in files})
    for word in ("1.4", "-2", "soon", "R9", "99", "s9", "from −1"):
        assert word in str(error.value)
    rows = pd.read_csv(tmp_path / "events.csv").iloc[:1].assign(capacity_loss=0.4)
    for change, words in (
        (dict(kind="capital"), "amount: empty"),
        (dict(capacity_loss=np.nan), "capacity_loss: empty"),
        (dict(kind="rebuild", amount=5.0, recovery_days=9, rebuilt_by="s0: many"), "sector: share"),
        (dict(kind="rebuild", amount=5.0, recovery_days=9, rebuilt_by="s0: 0.5"), "sum to 0.5"),
        (dict(kind="rebuild", amount=5.0, recovery_days=9, rebuilt_by="s7"), "not in the table"),
        (dict(kind="fire"), "one of capacity"),
    ):
        with pytest.raises(InputError, match=words):
            disrupt(random_table(2, 3), days=60, events=rows.assign(**change))


def test_ranking_of_a_case():
    from geoecon import load_case
    from geoecon.disruption import rank_for_case

    found = rank_for_case(load_case("japan-korea-2019"), top=5, days=60)
    assert set(found.edges["exporter"]) == {"JPN"} and set(found.edges["importer"]) == {"KOR"} and len(found.edges) == 5


@pytest.mark.parametrize("recovery", ["none", "linear", "convex", "convex unscaled", "s-shaped"])
def test_five_days_take_five(recovery):
    """Whatever the recovery, the full loss stands on five days and less of it on the sixth."""
    economy = build(random_table())
    label = economy.labels[0].split("/")
    event = Event(
        "strike", {(label[0], label[1]): 0.4}, 2, 5, recovery=recovery, recovery_days=0 if recovery == "none" else 9
    )
    lost = losses(economy, [event], 30).loss[:, 0]
    assert (lost[:2] == 0).all() and lost[2:7] == approx(0.4) and lost[7] < 0.4 - 1e-9


def test_stocks_ordered_at_once_are_noted(tmp_path):
    """Restocking in a day makes the peaks after an event; in sixty days it does not; at rest nothing is said."""
    table = random_table()
    event = Event("halt", {tuple(table.labels[0].split("/")): 0.8}, 5, 20)

    def notes(days, events):
        path = disrupt(table, events=events, days=60, behaviour=Behaviour(inventory_days=90, restoration_days=days))
        return [note for note in path.notes if "at once" in note]

    assert len(notes(1, [event])) == 1 and "whole gap" in notes(1, [event])[0]
    assert not notes(60, [event]) and not notes(1, [])


@pytest.mark.parametrize("room", ["disruption", "costs", "production"])
def test_no_greek_in_what_users_see(room):
    """Strings other than docstrings hold no Greek letters: symbols belong to solvers and the model pages."""
    import ast
    from importlib.resources import files

    for place in files(f"geoecon.{room}").iterdir():
        if not place.name.endswith(".py"):
            continue
        tree = ast.parse(place.read_text(encoding="utf-8"))
        documented = {
            id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
            and isinstance(node.body[0], ast.Expr)
        }  # fmt: skip
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        said = [str(node.value) for node in texts if id(node) not in documented]
        greek = [text for text in said if any("α" <= sign <= "ω" or "Α" <= sign <= "Ω" for sign in text)]
        assert not greek, f"{place.name}: {greek}"
