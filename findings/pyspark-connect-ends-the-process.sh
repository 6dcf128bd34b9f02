#!/bin/sh
# pyspark 4.3.0: `import pyspark.sql.connect` without grpcio raises PySparkImportError in a script, but in a process whose
# main module has no file and no prompt (python -c, a worker of pytest-xdist, a program fed by a pipe) it calls
# sys.exit(0): the process ends as if all were well, and nothing after the import runs. The module takes such a process
# for its own doctests ("Skipping doctests: …" on standard error).
# Met where marimo 0.25.2, asked to show a table, registers its formatters for every library already imported.
# Seen: exit status 0 and no "after" with -c; exit status 1 and PySparkImportError from a file.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pyspark==4.3.0

printf 'import pyspark.sql.connect\nprint("after")\n' > "$place/program.py"
status=0
told=$("$place/venv/bin/python" -c 'import pyspark.sql.connect; print("after")' 2> "$place/errors") || status=$?
[ "$status" = 0 ] || { echo "changed: exit status $status with -c"; exit 1; }
[ -z "$told" ] || { echo "changed: the program went on with -c"; exit 1; }
grep -q "Skipping doctests" "$place/errors" || { echo "changed: no word of doctests"; exit 1; }

status=0
"$place/venv/bin/python" "$place/program.py" > /dev/null 2> "$place/errors" || status=$?
[ "$status" = 1 ] || { echo "changed: exit status $status from a file"; exit 1; }
grep -q "PySparkImportError" "$place/errors" || { echo "changed: another error from a file"; exit 1; }
echo "as described: the import ends a process without a main file with status 0, and raises in one with a file"
