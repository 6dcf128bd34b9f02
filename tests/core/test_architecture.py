"""The arrows between rooms, and what the project must never contain."""

import ast
import re
import subprocess
import sys
from collections import Counter
from inspect import signature
from pathlib import Path

import pytest

import geoecon as ge
from geoecon.line import STAGES

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "geoecon"
BASE = {
    "errors",
    "dates",
    "files",
    "kinds",
    "figure",
    "result",
    "tables",
    "cells",
    "loaded",
    "draws",
    "countries",
    "lexicon",
    "charts",
    "dispute",
}
BASE |= {"compiled", "case", "past_error", "sobol", "spoken", "__version__"}
LINE = [
    "flows",
    "indicators",
    "production",
    "episodes",
    "law",
    "capacity",
    "catchup",
    "disruption",
    "costs",
    "triangle",
]
LINE += ["games", "hazards", "bargaining", "scorecard", "line", "message", "questions", "views", "web", "cli"]


def room_of(path: Path) -> str:
    inside = path.relative_to(SRC).parts[0]
    return inside.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Rooms that a module imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("geoecon"):
            names = [node.module] if node.module != "geoecon" else [f"geoecon.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("geoecon.")]
        found |= {name.split(".")[1] for name in names}
    return found


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda path: str(path.relative_to(SRC)))
def test_arrows_point_one_way(path):
    room = room_of(path)
    if room in LINE:
        allowed = BASE | set(LINE[: LINE.index(room) + 1])
        allowed |= {"views"} if path.stem == "assessment" else set()
        assert imports(path) <= allowed
    elif room in BASE:
        # a result shows itself in a notebook as a page shows it: the one arrow upwards
        assert imports(path) <= BASE | ({"views"} if room == "result" else set())


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda path: str(path.relative_to(SRC)))
def test_rooms_import_rooms_and_never_a_file_inside_another_room(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("geoecon.")
            and node.module.count(".") >= 2
        ):
            other = node.module.split(".")[1]
            assert other == room_of(path), f"imports {node.module}"


def _bare(annotation: ast.expr | None) -> bool:
    return isinstance(annotation, ast.Name) and annotation.id in ("Any", "object")


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda path: str(path.relative_to(SRC)))
def test_no_seam_takes_anything(path):
    """Fields of types and arguments of public functions name what they hold: neither `Any` nor `object`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
            found += [f"{node.name}.{ast.unparse(one.target)}" for one in fields if _bare(one.annotation)]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            found += [f"{node.name}({one.arg})" for one in given if _bare(one.annotation) and one.arg != "_"]
    assert found == []


def test_no_rule_is_silenced():
    """Neither for the linter nor for the type checker; the compiler of kernels is typed in one place."""
    words = re.compile(r"type:\s*ignore|\bnoqa\b|pragma:|@no_type_check")
    assert [str(path.relative_to(SRC)) for path in SRC.rglob("*.py") if words.search(path.read_text("utf-8"))] == []


# What one room takes of another and holds `Any` inside: rows of checked tables and objects of JSON, whose cells differ
# in type, columns of pandas, functions found by name, and what a type remembers of itself.
LOOSE = {
    "case.Case", "charts.Picture", "charts.ranges", "charts.gantt", "episodes.Precedents", "episodes.Record",
    "indicators.of_what", "law.Card", "law.Licence", "law.Regime", "loaded.lazily", "production.IOTable",
    "scorecard.seen", "scorecard.verdict", "tables.Rule", "tables.read_rows", "tables.records", "views.Report",
    "views.plain",
}  # fmt: skip


def _asked(trees: dict[Path, ast.Module]) -> set[tuple[str, str]]:
    """(room, name) of what other rooms take: by import, or as an attribute of the room."""
    found = set()
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("geoecon."):
                found |= {(node.module.split(".")[1], alias.name, room_of(path)) for alias in node.names}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add((node.value.id, node.attr, room_of(path)))
    return {(room, name) for room, name, of in found if of != room}


def test_what_rooms_take_of_each_other_is_typed_inside_too():
    """No `Any` in a tuple, a mapping or a list either, but for those of the list; one that was typed leaves it."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SRC.rglob("*.py"))}
    asked, found = _asked(trees), set()
    for path, node in ((path, node) for path, tree in trees.items() for node in tree.body):
        if (room_of(path), getattr(node, "name", None)) not in asked:
            continue
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        inside = [one for one in inside if not getattr(one, "name", "x").startswith("_")]
        told = [one.annotation for one in inside if isinstance(one, ast.AnnAssign)]
        for one in (one for one in inside if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)):
            told += [arg.annotation for arg in (*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs)]
            told.append(one.returns)
        words = [part.id for one in told if one for part in ast.walk(one) if isinstance(part, ast.Name)]
        if {"Any", "object"} & set(words):
            found.add(f"{room_of(path)}.{node.name}")
    assert found == LOOSE


def test_no_name_stands_for_nobody():
    """Every name at the top of a module is mentioned somewhere else, but for verbs that the command line finds."""
    texts = {path: path.read_text(encoding="utf-8") for path in SRC.rglob("*.py")}
    told = Counter(word for text in texts.values() for word in re.findall(r"\w+", text))
    told.update(re.findall(r"\w+", "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))))
    idle = []
    for path, text in texts.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names = [] if node.decorator_list else [node.name]
            else:
                aims = getattr(node, "targets", None) or [getattr(node, "target", None)]
                names = [one.id for one in aims if isinstance(one, ast.Name)]
            idle += [f"{path.relative_to(SRC)}: {name}" for name in names if told[name] < 2 and name[:2] != "__"]
    assert idle == []


def test_every_room_is_known():
    rooms = {room_of(path) for path in SRC.rglob("*.py")} - {"__init__", "__main__", "cases"}
    assert rooms <= BASE | set(LINE), "a room that the arrows do not know"


def _inside() -> dict[str, set[str]]:
    """What each file imports of other files, at any place but under TYPE_CHECKING."""
    found: dict[str, set[str]] = {}
    for path in SRC.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typed = [
            node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        ]
        left_out = {id(inner) for node in typed for inner in ast.walk(node)}
        names = set()
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.ImportFrom)
                and (node.module or "").startswith("geoecon.")
                and id(node) not in left_out
            ):
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        if path.name != "__init__.py":
            found[".".join(("geoecon", *path.relative_to(SRC).with_suffix("").parts))] = names
    return {name: {other for other in names if other in found and other != name} for name, names in found.items()}


def test_no_circle_of_files():
    """Takes away again and again every file that imports none of those left, or that none imports; a circle stays."""
    left = _inside()
    while True:
        used = set().union(*left.values()) if left else set()
        free = {name for name, others in left.items() if not others & left.keys() or name not in used}
        if not free:
            break
        left = {name: others for name, others in left.items() if name not in free}
    assert {name: sorted(others & left.keys()) for name, others in left.items()} == {}


# Functions of more than 60 lines: kernels whose loops share their state, charts, and doors with a line for each option.
LONG = {
    "charts.curves.cliff", "charts.masses.flow", "charts.spans._part", "charts.world.world",
    "costs.model.model_from_flows",
    "disruption.buffers.buffers", "disruption.clock.shortage_clock", "disruption.economy.build",
    "disruption.caps.cap_orders", "disruption.kernel.course", "disruption.simulate.run", "disruption.stage._result",
    "disruption.technology.one_path",
    "flows.read.read_flows", "indicators.kernel._markets", "indicators.scan.scan",
    "views.block_power.how_unequal", "web.parts_clock.clock",
}  # fmt: skip


def test_modules_stay_below_300_lines_and_functions_below_60():
    """A module or a function that was shortened leaves its list."""
    long, functions = set(), set()
    for path in SRC.rglob("*.py"):
        text, name = path.read_text(encoding="utf-8"), ".".join(path.relative_to(SRC).with_suffix("").parts)
        if len(text.splitlines()) > 300:
            long.add(name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 60:
                functions.add(f"{name}.{node.name}")
    assert long == set()
    assert functions == LONG


def test_what_stages_hand_on_is_typed():
    """No `Any` and no `object` at the seams: the arguments of a stage are results of rooms, and so is what it gives."""
    for name, stage in STAGES.items():
        described = signature(stage.call)
        words = [str(one.annotation) for one in described.parameters.values()] + [str(described.return_annotation)]
        assert not [word for word in words if re.search(r"\b(Any|object)\b", word) or "empty" in word], name


def test_every_public_name_exists():
    for name in ge.PUBLIC:
        assert getattr(ge, name) is not None


def test_no_public_name_is_hidden_by_a_module():
    modules = {path.stem for path in SRC.glob("*.py")} | {path.parent.name for path in SRC.glob("*/__init__.py")}
    assert not modules & set(ge.PUBLIC)


def test_import_and_help_are_quick():
    """Lazy imports: `--help` must not load the heavy libraries."""
    code = (
        "import sys, contextlib, io\n"
        "from geoecon.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    try: main(['--help'])\n"
        "    except SystemExit: pass\n"
        "print(sorted({'numpy', 'pandas', 'scipy', 'numba', 'altair', 'duckdb', 'xarray'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_runs_without_development_packages():
    """Only what `make run` installs may be imported by the core: an undeclared dependency shows here."""
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    installed = {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.M)}
    code = f"""
import sys
from importlib import metadata
from importlib.machinery import PathFinder
allowed = {installed!r} | {{"geoecon"}}
owners = metadata.packages_distributions()
class Only(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        top = name.split(".")[0]
        if top in owners and not {{owner.lower().replace("_", "-") for owner in owners[top]}} & allowed:
            return None
        return PathFinder.find_spec(name, path, target)
sys.meta_path[:] = [Only if finder is PathFinder else finder for finder in sys.meta_path]
import geoecon as ge
for name in ge.PUBLIC:
    getattr(ge, name)
case = ge.load_case("japan-korea-2019")
assessment = ge.run(case, draws=0)
for result in assessment.results.values():
    result.chart().to_dict()
print("fine", sorted(assessment.skipped))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "fine []"


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_nothing_names_a_machine_or_a_registry():
    bad = re.compile(rb"/root/|/home/[a-z]+/|/Users/[a-z]+/|/work/|--(?:extra-)?index-url|--find-links|\.\./shared")
    here = Path(__file__)
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != here and path.suffix not in {".parquet", ".npz", ".png"} and bad.search(path.read_bytes())
    ]
    assert found == []


def test_lock_files_carry_hashes_and_no_address():
    for name in ("run.txt", "test.txt", "installer.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        assert "://" not in text
        pinned = re.findall(r"^\S+==\S+", text, re.M)
        assert pinned
        for block in re.split(r"\n(?=\S)", text.strip()):
            if "==" in block.split("\n")[0]:
                assert "--hash=sha256:" in block, block.split("\n")[0]


def test_ci_calls_make_test_and_nothing_else():
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]
