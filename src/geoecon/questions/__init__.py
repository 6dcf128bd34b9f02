"""Everything asked of the line: sensitivity, uncertainty, cases checked, compared and made, the record of forecasts."""

from geoecon.questions.answer import Answer
from geoecon.questions.ask import ask, rows_for
from geoecon.questions.bars import Bars, rolling_evidence
from geoecon.questions.batch import uncertainty
from geoecon.questions.blind_runs import evidence
from geoecon.questions.book import Book, forecast_book, record
from geoecon.questions.checks import Check, Gap, check
from geoecon.questions.comparison import Comparison, compare
from geoecon.questions.exposure import Exposure, exposure, write_map
from geoecon.questions.game import equilibrium, issue_map, what_matters
from geoecon.questions.hedge import Hedge, hedge
from geoecon.questions.holdings import Holdings, data
from geoecon.questions.levers import Levers, levers
from geoecon.questions.making import new
from geoecon.questions.measures import Question, measures, question_of
from geoecon.questions.outcome import Outcome, Row
from geoecon.questions.result import Ensemble
from geoecon.questions.saving import save_case
from geoecon.questions.scenarios import Scenario, scenarios
from geoecon.questions.sobol import Sensitivity, indices, prior, sensitivity
from geoecon.questions.targets import towards
from geoecon.questions.trials import CONDITIONS, Evidence, Trial
from geoecon.questions.verbs import bargain, buffers, disrupt, welfare
from geoecon.questions.watching import Changes, Watched, add_watch, watch, watched
from geoecon.questions.what_if import WhatIf, what_if
from geoecon.questions.workbook import from_xlsx, pack, to_xlsx

__all__ = [
    "CONDITIONS",
    "Answer",
    "Bars",
    "Book",
    "Changes",
    "Check",
    "Comparison",
    "Ensemble",
    "Evidence",
    "Exposure",
    "Gap",
    "Hedge",
    "Holdings",
    "Levers",
    "Outcome",
    "Question",
    "Row",
    "Scenario",
    "Sensitivity",
    "Trial",
    "Watched",
    "WhatIf",
    "add_watch",
    "ask",
    "bargain",
    "buffers",
    "check",
    "compare",
    "data",
    "disrupt",
    "equilibrium",
    "evidence",
    "exposure",
    "forecast_book",
    "from_xlsx",
    "hedge",
    "indices",
    "issue_map",
    "levers",
    "measures",
    "new",
    "pack",
    "prior",
    "question_of",
    "record",
    "rolling_evidence",
    "rows_for",
    "save_case",
    "scenarios",
    "sensitivity",
    "to_xlsx",
    "towards",
    "uncertainty",
    "watch",
    "watched",
    "welfare",
    "what_if",
    "what_matters",
    "write_map",
]
