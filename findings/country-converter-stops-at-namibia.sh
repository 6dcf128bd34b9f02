#!/bin/sh
# country_converter 1.3.2 with pandas 3.1.1: the converter cannot be made at all (TypeError), hence no name is read.
# It reads its own table with `converters={"ISO2": str}` and counts on pandas leaving a column with a converter alone, as
# pandas 3.0 did; since 3.1 (pandas issue 13302) the list of missing values holds there too, so that Namibia's code NA
# is missing and the pattern for it is no text. The package asks for pandas>=1.0, so that pip brings the two together.
# Expected: 249 countries, Namibia among them. Whoever reads codes by `converters=` meets the same: NA goes, nothing is said.
# Seen: with pandas 3.0.3 NA -> NAM; with pandas 3.1.1 a TypeError from CountryConverter(), and NaN for NA from read_csv.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check country_converter==1.3.2 pandas==3.0.3

cat > "$place/program.py" <<'END'
import io, subprocess, sys
import country_converter, pandas

READ = "import io, pandas; print(pandas.read_csv(io.StringIO('iso2,v\\nNA,1\\n'), converters={'iso2': str}).iso2[0])"
MAKE = "import country_converter as c; print(c.CountryConverter().convert('NA', src='ISO2', to='ISO3'))"

def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]

assert (run(READ), run(MAKE)) == ("NA", "NAM"), "changed: with pandas 3.0.3"
subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pandas==3.1.1"], check=True)
assert run(READ) == "nan", "changed: pandas 3.1.1 keeps NA under a converter"
assert run(MAKE).startswith("TypeError"), "changed: the converter is made: " + run(MAKE)
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: NAM with pandas 3.0.3, TypeError with 3.1.1"
