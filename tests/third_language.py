"""Settings of an installation that adds French to its languages (test_third_language.py)."""

from medline.settings import *  # noqa: F403
from medline.settings import LANGUAGES

LANGUAGES = [*LANGUAGES, ("fr", "French")]
