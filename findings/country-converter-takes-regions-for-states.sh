#!/bin/sh
# country_converter 1.3.2 (pandas 3.0.3), names read by its patterns: Southern Africa, a region of the UN's M49 list and of
# FAOSTAT, becomes South Africa (ZAF), so does the Southern African Customs Union, a reporter of UN Comtrade (code 711); a
# total of five states is booked as one, once more beside South Africa itself. Northern, Eastern, Western and Middle
# Africa are "not found", as one expects. Comtrade's East and West Pakistan (code 588, until 1971) becomes Bangladesh alone,
# while Germany's two former states both become DEU.
# Expected: not found, as for the other regions. Nothing is said when they are read.
# Seen: ZAF, ZAF, BGD; the four other regions not found.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check country_converter==1.3.2 pandas==3.0.3

cat > "$place/program.py" <<'END'
import country_converter

names = ["Southern Africa", "Southern African Customs Union", "East and West Pakistan"]
others = ["Northern Africa", "Eastern Africa", "Western Africa", "Middle Africa"]
converter = country_converter.CountryConverter()
read = converter.convert(names + others, to="ISO3", not_found="none")
assert read == ["ZAF", "ZAF", "BGD"] + ["none"] * 4, f"changed: {read}"
END
"$place/venv/bin/python" -W ignore "$place/program.py" 2> "$place/errors" || { tail -n 3 "$place/errors"; exit 1; }
echo "as described: Southern Africa is ZAF, East and West Pakistan BGD"
