"""Games from files: JSON with named moves, a table of transitions, or the matrix of a zero-sum game."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoecon.cells import csv_rows
from geoecon.errors import Fault, InputError
from geoecon.games.arrays import SUM_TOLERANCE, Array, StochasticGame, normal_form, stochastic_game
from geoecon.tables import identifier, number, read_table, records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoecon.kinds import Json


def read_game(path: str | Path, *, discount: float | None = None, period: str = "month") -> StochasticGame:
    """A game from a file or a folder that holds game.json.

    JSON: states, players, discount, payoffs (state, actions, payoff) and transitions (state, to, prob, and actions
    where they matter); `unit` may name what a pay-off of 1 is, as precision counts per such unit. CSV with the columns
    state, a_<player>, u_<player>, to_state, prob: one row a transition, with `discount` given.
    CSV of numbers without a header: pay-offs of the row player of a zero-sum game.
    Raises InputError with every fault: file, line, what stands there, what may.
    """
    file = Path(path)
    if file.is_dir():
        file = file / "game.json"
    if not file.is_file():
        raise InputError(Fault(str(path), None, None, "file is missing", "game.json, or a CSV table of a game"))
    if file.suffix == ".json":
        return _from_json(file, discount, period)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header = next((row for _, row in csv_rows(lines, file.name)), [])
    if "to_state" in [cell.strip() for cell in header]:
        return _from_table(file, [cell.strip() for cell in header], discount, period)
    return normal_form(_matrix(file))


def _matrix(file: Path) -> Array:
    rows, faults = [], []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for line, cells in csv_rows(lines, file.name):
            try:
                rows.append([float(cell) for cell in cells])
            except ValueError:
                faults.append(Fault(file.name, line, None, ", ".join(cells), "numbers only"))
    if not faults and len({len(row) for row in rows}) != 1:
        faults.append(Fault(file.name, None, None, "rows of different length", "a rectangular matrix"))
    if faults:
        raise InputError(faults)
    return np.array(rows)


def _from_json(file: Path, discount: float | None, period: str) -> StochasticGame:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(Fault(file.name, getattr(error, "lineno", None), None, str(error), "valid JSON")) from None
    faults = [
        Fault(file.name, None, key, "missing", "states, players, payoffs, transitions, discount")
        for key in ("states", "players", "payoffs", "transitions")
        if not isinstance(content, dict) or not isinstance(content.get(key), list) or not content[key]
    ]
    if faults:
        raise InputError(faults)
    states = [str(name) for name in content["states"]]
    players = [str(name) for name in content["players"]]
    actions: list[list[list[str]]] = [[[] for _ in players] for _ in states]
    for row in content["payoffs"]:
        if str(row.get("state")) not in states or set(map(str, row.get("actions", {}))) != set(players):
            allowed = f"a state of {', '.join(states)} and an action of each of {', '.join(players)}"
            faults.append(Fault(file.name, None, "payoffs", json.dumps(row)[:70], allowed))
            continue
        for i, player in enumerate(players):
            label = str(row["actions"][player])
            mine = actions[states.index(str(row["state"]))][i]
            if label not in mine:
                mine.append(label)
    if faults:
        raise InputError(faults)
    payoffs, transitions = _json_tables(content, states, players, actions, file.name)
    factor = content.get("discount", discount) if discount is None else discount
    return stochastic_game(
        payoffs, transitions, _discount(factor, players, file.name), states=states, players=players, actions=actions,
        period=str(content.get("period", period)), source=file.name, unit=str(content.get("unit", "unit of pay-off")),
    )  # fmt: skip


def _discount(value: Json, players: list[str], source: str) -> Array:
    if isinstance(value, dict):
        value = [value.get(player) for player in players]
    try:
        factor = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        factor = np.array(np.nan)
    if not np.isfinite(factor).all():
        raise InputError(Fault(source, None, "discount", repr(value), "a factor from 0 to below 1, or one a player"))
    return factor


def _json_tables(
    content: Mapping[str, Any], states: list[str], players: list[str], actions: list[list[list[str]]], source: str
) -> tuple[list[Array], list[Array]]:
    """Tables of payoffs and transitions; a payoff that is missing is a fault, a transition row may cover many moves."""
    faults = []
    payoffs = [np.full((len(players), *(len(mine) for mine in state)), np.nan) for state in actions]
    transitions = [np.zeros((*(len(mine) for mine in state), len(states))) for state in actions]
    for row in content["payoffs"]:
        s = states.index(str(row["state"]))
        at = tuple(actions[s][i].index(str(row["actions"][player])) for i, player in enumerate(players))
        for i, player in enumerate(players):
            try:
                payoffs[s][(i, *at)] = float(row["payoff"][player])
            except (KeyError, TypeError, ValueError):
                faults.append(Fault(source, None, "payoff", json.dumps(row)[:70], f"a number for {player}"))
    for row in content["transitions"]:
        try:
            s, to, prob = states.index(str(row["state"])), states.index(str(row["to"])), float(row["prob"])
            wanted = {str(player): str(label) for player, label in row.get("actions", {}).items()}
            sets = [[wanted[player]] if player in wanted else actions[s][i] for i, player in enumerate(players)]
            for labels in product(*sets):
                at = tuple(actions[s][i].index(label) for i, label in enumerate(labels))
                transitions[s][(*at, to)] += prob
        except (KeyError, TypeError, ValueError):
            faults.append(Fault(source, None, "transitions", json.dumps(row)[:70], "known state, to, actions and prob"))
    for s, table in enumerate(payoffs):
        for gap in np.argwhere(np.isnan(table[0])):
            moves = ", ".join(actions[s][i][a] for i, a in enumerate(gap))
            faults.append(Fault(source, None, "payoffs", f"none for state {states[s]}, moves ({moves})", "one each"))
    if faults:
        raise InputError(faults)
    return payoffs, transitions


def _from_table(file: Path, header: list[str], discount: float | None, period: str) -> StochasticGame:
    """A table with a row for every transition. Labels may be numbers; they stay labels."""
    players = [column[2:] for column in header if column.startswith("a_")]
    rules = {"state": identifier, **{f"a_{p}": identifier for p in players}, **{f"u_{p}": number for p in players},
             "to_state": identifier, "prob": number}  # fmt: skip
    rows = records(read_table(file, rules))
    if not players or not rows:
        raise InputError(Fault(file.name, 1, None, "no players or rows", "columns a_<player>, u_<player>, and rows"))
    _check_probabilities(rows, players, file.name)
    states = list(dict.fromkeys(str(row[key]) for row in rows for key in ("state", "to_state")))
    actions = [
        [list(dict.fromkeys(str(row[f"a_{p}"]) for row in rows if str(row["state"]) == state)) for p in players]
        for state in states
    ]
    idle = [state for state, mine in zip(states, actions, strict=True) if not mine[0]]
    if idle:
        raise InputError(Fault(file.name, None, "state", f"no moves in {', '.join(idle)}", "a row for every state"))
    payoffs = [np.full((len(players), *(len(mine) for mine in state)), np.nan) for state in actions]
    transitions = [np.zeros((*(len(mine) for mine in state), len(states))) for state in actions]
    faults = []
    for row in rows:
        s = states.index(str(row["state"]))
        at = tuple(actions[s][i].index(str(row[f"a_{p}"])) for i, p in enumerate(players))
        for i, player in enumerate(players):
            before, value = payoffs[s][(i, *at)], row[f"u_{player}"]
            if before == before and before != value:
                found, allowed = f"{value:g} after {before:g} for the same moves", "one payoff for the same moves"
                faults.append(Fault(file.name, row["line"], f"u_{player}", found, allowed))
            payoffs[s][(i, *at)] = value
        transitions[s][(*at, states.index(str(row["to_state"])))] += row["prob"]
    if faults:
        raise InputError(faults)
    return stochastic_game(
        payoffs, transitions, _discount(0.9 if discount is None else discount, players, file.name), states=states,
        players=players, actions=actions, period=period, source=file.name,
    )  # fmt: skip


def _check_probabilities(rows: list[dict[str, Any]], players: list[str], source: str) -> None:
    """One fault for every state and joint move whose probabilities are no probabilities, with the lines."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((str(row["state"]), *(str(row[f"a_{p}"]) for p in players)), []).append(row)
    faults = []
    for (state, *moves), mine in groups.items():
        total = sum(row["prob"] for row in mine)
        outside = [row["prob"] for row in mine if not 0 <= row["prob"] <= 1]
        lines = " and ".join(str(row["line"]) for row in mine)
        where = f"state {state}, moves ({', '.join(moves)}), lines {lines}"
        if outside:
            found = (
                f"probabilities {' and '.join(f'{p:g}' for p in outside)} outside [0, 1], although the sum is {total:g}"
            )
            found = found if abs(total - 1) <= SUM_TOLERANCE else found.replace("although the sum is", "sum")
            faults.append(Fault(source, mine[0]["line"], where, found, "probabilities from 0 to 1 that sum to 1"))
        elif abs(total - 1) > SUM_TOLERANCE:
            found = f"sum of probabilities {total:g}"
            faults.append(Fault(source, mine[0]["line"], where, found, "probabilities from 0 to 1 that sum to 1"))
    if faults:
        raise InputError(faults)
