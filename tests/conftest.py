"""Property tests draw the same examples on every machine; `HYPOTHESIS_PROFILE=random` (make nightly) draws new ones."""

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
