"""What the tests need of the machine, and their examples: property tests draw the same on
every machine; `HYPOTHESIS_PROFILE=random` (make nightly) draws new ones."""

import os
import shutil
from pathlib import Path

from hypothesis import settings

# a Java runtime that the machine has and leaves off the PATH, as Homebrew does
HOMES = ("/usr/lib/jvm/default-java", *map(str, sorted(Path("/usr/lib/jvm").glob("*"))), "/opt/homebrew/opt/openjdk",
         "/usr/local/opt/openjdk")  # fmt: skip
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    home = next((home for home in HOMES if Path(home, "bin", "java").is_file()), None)
    if home is not None:
        os.environ["JAVA_HOME"] = home

settings.register_profile("steady", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
