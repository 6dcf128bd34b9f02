"""The test against the OECD table of 2022 is collected where the package that brings the table is installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("sanction_simulator") else ["test_oecd_2022.py"]
