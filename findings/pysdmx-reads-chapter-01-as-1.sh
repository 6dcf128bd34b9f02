#!/bin/sh
# pysdmx 1.20.0 (pandas 3.0.3), read_sdmx on SDMX-CSV 1.0 and 2.0: a dimension whose codes are digits loses its leading zeros.
# The reader lets pandas guess the types and turns the columns into text afterwards, so that chapter 01 of the Harmonized
# System (or division 01 of NACE) comes out as 1 and 0301 as 301; beside a code with a letter in the same file they stay whole.
# In SDMX codes are text; the code list has 01 and no 1. Other identifiers of the row come out as text, as they should.
# Expected: 01 and 0301, as the same file in SDMX-ML gives them.
# Seen: 1 and 301; with one more row of code TOTAL: 01, 0301, TOTAL.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check 'pysdmx[data]==1.20.0' pandas==3.0.3

cat > "$place/program.py" <<'END'
from pysdmx.io import read_sdmx

def codes(rows, head, start):
    text = head + "\n" + "".join(f"{start},A,{code},2020,1.5\n" for code in rows)
    return read_sdmx(text, validate=False).data[0].data["PRODUCT"].tolist()

for head, start in (("DATAFLOW,FREQ,PRODUCT,TIME_PERIOD,OBS_VALUE", "MD:TRADE(1.0)"),
                    ("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,PRODUCT,TIME_PERIOD,OBS_VALUE", "dataflow,MD:TRADE(1.0),I")):
    digits = codes(["01", "0301"], head, start)
    assert digits == ["1", "301"], f"changed: {digits}"
    mixed = codes(["01", "0301", "TOTAL"], head, start)
    assert mixed == ["01", "0301", "TOTAL"], f"changed: {mixed}"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: 01 and 0301 are read as 1 and 301"
