"""Runs ``whatworks`` with a small model in the place of the project's: it needs no torch."""

import sys
from pathlib import Path

# A script's own folder would make its neighbours modules of their own.
sys.path[0] = str(Path(__file__).parents[2])

from tests.cli.web.topics import TopicEncoder  # noqa: E402
from whatworks.__main__ import main  # noqa: E402
from whatworks.cli.web import model_desk  # noqa: E402

model_desk.project_suggester = TopicEncoder().suggester
main()
