"""The command line: each verb is a thin skin on the public function of the same name."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter

import geoecon as ge
from geoecon.cli import (
    ask_verbs,
    case_verbs,
    data_verbs,
    dispute_verbs,
    episode_verbs,
    law_verbs,
    parcel_verbs,
    printing,
    run_verbs,
)
from geoecon.cli.options import refused, strictly
from geoecon.errors import InputError, MissingData, NotConverged, interrupts_kept
from geoecon.files import no_room

app = App(
    name="geoecon",
    help="From the trade table to the negotiating table: who depends on whom, what a control changes, who gives way.",
    version=ge.__version__,
    help_format="plaintext",
    default_parameter=Parameter(converter=strictly),
    suppress_keyboard_interrupt=False,
)
for verb in (
    ask_verbs.ask,
    ask_verbs.exposure,
    ask_verbs.data,
    ask_verbs.watch,
    ask_verbs.levers,
    ask_verbs.hedge,
    run_verbs.run,
    run_verbs.cases,
    run_verbs.check,
    run_verbs.new,
    case_verbs.compare,
    case_verbs.dependence,
    case_verbs.disrupt,
    case_verbs.buffers,
    case_verbs.welfare,
    case_verbs.bargain,
    run_verbs.evidence,
    case_verbs.explain,
    case_verbs.sensitivity,
    case_verbs.uncertainty,
    episode_verbs.precedents,
    episode_verbs.cut_offs,
    episode_verbs.record,
    law_verbs.licence,
    law_verbs.screen,
    law_verbs.parties,
    law_verbs.law,
    data_verbs.shortage_clock,
    data_verbs.alliance,
    data_verbs.scan,
    data_verbs.leverage,
    data_verbs.reliance,
    data_verbs.convert,
    data_verbs.fetch,
    data_verbs.diff,
    data_verbs.serve,
    dispute_verbs.fit,
):
    app.command(verb)
app.command(parcel_verbs.case)


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point: exit code 2 for input that cannot be used, 130 for an interrupt; a bug keeps its traceback."""
    printing.ready()
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # the others keep what was freed: 60 MB of a question
    gc.set_threshold(50_000, 20, 20)  # a run makes millions of small objects and few circles: a twentieth of its time
    try:
        with warnings.catch_warnings(), interrupts_kept():
            warnings.showwarning = lambda *told, **_: note(told[0])
            try:
                app(argv, exit_on_error=False, print_error=False)
            finally:
                sys.stdout.flush()
    except CycloptsError as error:
        print(f"geoecon: {refused(error)}", file=sys.stderr)
        raise SystemExit(2) from None
    except (InputError, NotConverged, MissingData) as error:
        print(f"geoecon: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:
        _shut()
        raise SystemExit(0) from None
    except Exception as error:
        full = no_room(error)
        if not full:
            raise
        _shut()
        print(f"geoecon: nothing more can be written ({full})", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt as stopped:
        print(f"geoecon: interrupted; {str(stopped) or 'nothing was written'}", file=sys.stderr)
        raise SystemExit(130) from None


def _shut() -> None:
    """What is left of standard output goes nowhere, or the end of the process would try it once more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # not a real one, as in a test
        return


def note(message: Warning | str) -> None:
    """A warning as a line for people, without the place in the code that raised it."""
    print(f"geoecon: note: {message}", file=sys.stderr)
