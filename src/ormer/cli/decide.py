"""``ormer decide``: requests against policies, JSON lines in and out."""

from __future__ import annotations

import argparse
import gc
import sys
from typing import Any

from ormer.model.errors import InputError
from ormer.read.policies.policy import LARGEST_POLICY
from ormer.run.decide import answers, as_json, as_text
from ormer.sources.lines import read_lines


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "decide",
        help=summary,
        description="Decide requests as IAM would. Each line of FILE is a JSON object: a request "
        "and every policy that it meets (docs/evaluate.md). The answers come in the same order, "
        "a line each; a line that is wrong is answered with an error. Exit code 0: every line "
        "was decided, whatever the decision; 2: some line could not be.",
    )
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="default: -, standard input"
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="for people: the statements that decided, what would have to change, and why each "
        "other statement does not apply",
    )


def run(options: argparse.Namespace) -> int:
    """Answer every line."""
    if sys.stdout is None:
        raise InputError("standard output is closed")
    gc.enable()  # the lines may be many, and the policies of each are a graph
    name = "standard input" if options.file == "-" else options.file
    lines = wrong = 0
    first = ""
    for answer in answers(read_lines(options.file, LARGEST_POLICY), name):
        lines += 1
        if answer.error is not None:
            wrong += 1
            first = first or answer.error
        text = "\n".join(as_text(answer)) if options.explain else as_json(answer)
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    if wrong:
        sys.stdout.flush()
        raise InputError(f"{wrong} of {lines} lines could not be decided, the first: {first}")
    return 0
