#!/bin/sh
# boario 0.7.2 (pymrio 0.7.0, its test table), an event of lost production: "duration: the entire impact is applied during this
# number of steps", says its documentation; the whole impact lasts two steps more, whatever duration and occurrence are,
# and begins the step after `occurrence`. A shock of one day costs three days of output, one of ten days twelve.
# Expected: as many steps of full loss as `duration` says, before the recovery (here of one step) begins.
# Seen: durations 1, 5, 10 give 3, 7, 12 steps of full loss, from step 6 on with occurrence=5.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check boario==0.7.2 pymrio==0.7.0 pandas==2.3.3 numpy==2.4.6 progressbar2==4.5.0

cat > "$place/program.py" <<'END'
import logging
import pandas as pd
import pymrio

logging.disable(logging.CRITICAL)
from boario import event
from boario.extended_models import ARIOPsiModel
from boario.simulation import Simulation

table = pymrio.load_test()
table.calc_all()
halved = pd.Series([0.5], index=pd.MultiIndex.from_tuples([("reg1", "food")], names=["region", "sector"]))

def steps(duration):
    run = Simulation(ARIOPsiModel(table), n_temporal_units_to_sim=40)
    run.add_event(event.from_series(halved, event_type="arbitrary", occurrence=5, duration=duration, recovery_tau=1))
    run.loop()
    capacity = run.production_capacity[("reg1", "food")]
    low = [step for step, share in enumerate(capacity / capacity.iloc[0]) if share < 0.9]
    return low[0], len(low)

seen = {duration: steps(duration) for duration in (1, 5, 10)}
assert seen == {1: (6, 3), 5: (6, 7), 10: (6, 12)}, f"changed: {seen}"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: durations of 1, 5 and 10 steps last 3, 7 and 12"
