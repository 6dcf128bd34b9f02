"""`make errors`: what blind forecasts of the shipped cases have been wrong by, for the band with past error."""

from importlib.resources import as_file, files
from pathlib import Path

from geoecon.files import file_aside
from geoecon.past_error import scales_of
from geoecon.questions.blind_runs import evidence

errors = evidence(draws=200).errors()
with as_file(files("geoecon") / "past_error") as folder:
    for name, table in (("errors.csv", errors), ("scales.csv", scales_of(errors))):
        with file_aside(Path(folder) / name) as part:
            table.to_csv(part, index=False, lineterminator="\n")
    print(f"{len(errors)} errors written: {folder}")
