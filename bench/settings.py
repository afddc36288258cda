"""The settings of the installation, with the views that the benchmark compares with."""

from medline.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
