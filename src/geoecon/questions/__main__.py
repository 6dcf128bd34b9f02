"""`make errors`: what blind forecasts of the shipped cases have been wrong by, for the band with past error."""

from importlib.resources import as_file, files
from pathlib import Path

from geoecon.files import file_aside
from geoecon.questions.trials import evidence

found = evidence(draws=200).errors()
with as_file(files("geoecon") / "scorecard" / "past_errors.csv") as path:
    with file_aside(Path(path)) as part:
        found.to_csv(part, index=False, lineterminator="\n")
    print(f"{len(found)} errors written: {path}")
