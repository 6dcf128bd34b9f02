"""The whole line for many draws: in chunks, by processes, resumable, the same to the byte however it was run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import __version__
from geoecon.case import Case, load_case
from geoecon.draws import Draws, sample
from geoecon.errors import InputError
from geoecon.files import file_aside
from geoecon.line import DRAWS, input_hashes, run
from geoecon.questions.measures import UNDRAWN, Question, measures, question_of, told
from geoecon.questions.result import Ensemble

CHUNK = DRAWS  # of a run: then the two give the same figures
PARTED = (
    "draws are made {chunk} at a time; what a stage draws for itself, such as which precedents, differs from what one "
    "run of all draws has, by chance alone"
)
PLAN, TABLE = "plan.json", "ensemble.csv"
FEW = 12  # runs on which a scenario is looked at


def uncertainty(
    case: Case | str | Path,
    draws: int = 1000,
    *,
    seed: int = 0,
    until: str | None = None,
    chunk: int = CHUNK,
    workers: int = 1,
    backend: str | None = None,
    folder: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Every measure of the line for `draws` samples of the parameters, and the central run in row 0.

    `workers` processes take chunks of `chunk` draws; `backend` is a joblib backend ("loky", "threading", or "dask"
    with a client open). With a `folder` each finished chunk is kept: call again after an interruption and only the
    missing ones are computed. The table depends on case, seed, draws and chunk, never on workers, backend or
    interruptions. Raises InputError where the folder holds another plan or other files.
    """
    if draws < 1 or chunk < 1 or workers < 1:
        raise InputError(f"draws {draws}, chunk {chunk}, workers {workers}; allowed: numbers from 1")
    question = question_of(load_case(case), until)
    case = question.case()
    drawn = sample(case.parameters, draws, seed)
    rows = [np.arange(first, min(first + chunk, draws + 1)) for first in range(1, draws + 1, chunk)]
    plan = _plan(case, question, draws, seed, chunk)
    kept = _opened(folder, plan)
    todo = [k for k in range(len(rows)) if k not in kept]
    for k, text in _computed(question, drawn, rows, todo, workers, backend):
        if folder is not None:
            _put(folder / _name(k), text)
        kept[k] = text
        if progress:
            progress(len(kept), len(rows))
    text = _joined([kept[k] for k in range(len(rows))])
    if folder is not None:
        _put(folder / TABLE, text)
    table = _read(text)
    shown, skipped = told(question, _part(drawn, np.array([0]), 0), drawn)
    few = run(case, draws=min(draws, FEW), seed=seed, until=until, skip=UNDRAWN).notes if case.scenario else ()
    parted = (PARTED.format(chunk=chunk),) if len(rows) > 1 else ()
    return Ensemble(case.id, case.cutoff, seed, table, drawn, skipped, shown, assumed=(*few, *parted))


def _computed(
    question: Question, drawn: Draws, rows: list[NDArray[np.int64]], todo: list[int], workers: int, backend: str | None
) -> Iterator[tuple[int, str]]:
    """(chunk, its table as text) as they come, in any order."""
    import joblib

    parts = [(k, _part(drawn, np.concatenate([[0], rows[k]]), k)) for k in todo]
    if workers == 1 and backend is None:
        yield from ((k, chunk_text(question, part, rows[k])) for k, part in parts)
        return
    chosen = joblib.parallel_config(backend=backend) if backend else nullcontext()
    with chosen:
        pool = joblib.Parallel(n_jobs=workers, return_as="generator_unordered")
        yield from pool(joblib.delayed(_numbered)(k, question, part, rows[k]) for k, part in parts)


def _numbered(k: int, question: Question, part: Draws, rows: NDArray[np.int64]) -> tuple[int, str]:
    return k, chunk_text(question, part, rows)


def _part(drawn: Draws, rows: NDArray[np.int64], k: int) -> Draws:
    """Some of the draws behind the central one, in plain dicts that travel, with a seed of their own for stages that
    draw numbers themselves; the first part has that of the run."""
    values = {name: np.ascontiguousarray(value[rows]) for name, value in drawn.values.items()}
    return Draws(values, dict(drawn.parameters), drawn.seed + 1_000_003 * k)


def chunk_text(question: Question, part: Draws, rows: NDArray[np.int64]) -> str:
    """The measures of one chunk as CSV; numbers are written so that they are read back unchanged."""
    table, _ = measures(question, part)
    table.index = pd.Index(np.concatenate([[0], rows]), name="draw")
    if rows[0] != 1:
        table = table.iloc[1:]  # the central run belongs to the first chunk
    exact: dict[str, Any] = {"float_format": _written}  # pandas calls it with floats alone
    text: str = table.to_csv(lineterminator="\n", na_rep="nan", **exact)
    return text


def _written(value: float) -> str:
    return repr(float(value))


def _read(text: str) -> pd.DataFrame:
    head, *lines = csv.reader(io.StringIO(text))
    numbers = np.array([[float(cell) for cell in line] for line in lines])
    return pd.DataFrame(numbers[:, 1:], index=pd.Index(numbers[:, 0].astype(int), name="draw"), columns=head[1:])


def _joined(texts: list[str]) -> str:
    head = texts[0].split("\n", 1)[0]
    for text in texts:
        if text.split("\n", 1)[0] != head:
            raise ValueError("two chunks measure different things")
    return head + "\n" + "".join(text.split("\n", 1)[1] for text in texts)


def _plan(case: Case, question: Question, draws: int, seed: int, chunk: int) -> dict[str, Any]:
    files = hashlib.sha256(json.dumps(input_hashes(case), sort_keys=True).encode()).hexdigest()
    asked = {key: value for key, value in asdict(question).items() if key not in ("folder", "texts")}
    asked["scenario"] = [list(pair) for pair in question.scenario]
    return {"case": case.id, "files": files, "draws": draws, "seed": seed, "chunk": chunk, "geoecon": __version__,
            **asked}  # fmt: skip


def _opened(folder: Path | None, plan: dict[str, Any]) -> dict[int, str]:
    """Chunks that an earlier call has finished. Raises InputError for a folder of another plan."""
    if folder is None:
        return {}
    note = folder / PLAN
    if note.is_file():
        earlier = json.loads(note.read_text(encoding="utf-8"))
        differ = sorted(key for key in plan.keys() | earlier.keys() if plan.get(key) != earlier.get(key))
        if differ:
            said = ", ".join(f"{key} {earlier.get(key)!r} against {plan.get(key)!r}" for key in differ)
            raise InputError(f"{folder} holds draws of another plan ({said}); allowed: the same plan, or a new folder")
    elif folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"{folder} holds other files; allowed: a new or empty folder, or an ensemble to go on with")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        _put(note, json.dumps(plan, indent=2, sort_keys=True) + "\n")
    count = -(-plan["draws"] // plan["chunk"])
    return {k: (folder / _name(k)).read_text(encoding="utf-8") for k in range(count) if (folder / _name(k)).is_file()}


def _name(k: int) -> str:
    return f"chunk-{k:05d}.csv"


def _put(path: Path, text: str) -> None:
    """Written aside and renamed: a file is whole or absent."""
    with file_aside(path) as part:
        part.write_text(text, encoding="utf-8", newline="")
