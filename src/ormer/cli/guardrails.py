"""``ormer guardrails``: the Deny statements that the controls come to, as policies."""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import Any

from ormer.controls.load import load_catalogue
from ormer.guardrails.generate import Guardrails, generate
from ormer.guardrails.projection import Kind
from ormer.guardrails.render import FORMATS, files
from ormer.guardrails.summary import summary
from ormer.model.errors import InputError
from ormer.read.environment import read_environment
from ormer.sources.files import read_bytes, write_atomically

_OWN_FILES = r"guardrails-\d+\.json"


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "guardrails",
        help=summary,
        description="Make policies that deny what the controls forbid, as far as IAM sees it, and "
        "print what each control became. Exit code 0: done; 1: something had no room and was left "
        "out; 2: it could not run.",
    )
    parser.add_argument(
        "--environment", metavar="FILE", required=True, help="the environment profile (YAML)"
    )
    parser.add_argument(
        "--as",
        dest="kind",
        choices=[kind.value for kind in Kind],
        required=True,
        help="iam: managed policies for the pipeline's and the execution role; boundary: one "
        "permissions boundary for them; scp: service control policies",
    )
    parser.add_argument(
        "--output",
        metavar="PATH",
        help="write the documents into the folder PATH, or the only one, or the template, into "
        "the file PATH (*.json); without it nothing is written",
    )
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="default: json")
    parser.add_argument(
        "--controls",
        metavar="DIR",
        help="a folder of your own controls, which add to or replace ours",
    )
    parser.add_argument(
        "--wildcards",
        action="store_true",
        help="shorten the names of actions, for fewer documents (see docs/guardrails.md)",
    )


def run(options: argparse.Namespace) -> int:
    """Make, write and tell."""
    if sys.stdout is None:
        raise InputError("standard output is closed")
    environment = read_environment(read_bytes(options.environment), options.environment)
    catalogue = load_catalogue(options.controls)
    made = generate(Kind(options.kind), catalogue, environment, options.wildcards)
    if options.output is not None:
        _write(made, options)
    sys.stdout.write(summary(made))
    return 1 if made.no_room else 0


def _write(made: Guardrails, options: argparse.Namespace) -> None:
    """Everything is made before anything is written."""
    texts = files(made, options.format)
    if options.output.endswith(".json"):
        if len(texts) > 1:
            raise InputError(f"--output {options.output}: {len(texts)} documents, name a folder")
        paths = dict(zip([options.output], texts.values(), strict=True))
    else:
        _check_folder(options.output, texts)
        paths = {os.path.join(options.output, name): text for name, text in texts.items()}
    for path in paths:
        if os.path.realpath(path) == os.path.realpath(options.environment):
            raise InputError(f"--output {path} would replace the profile")
    for path, text in paths.items():
        write_atomically(path, text.encode("utf-8"))


def _check_folder(folder: str, texts: dict[str, str]) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
        there = os.listdir(folder)
    except OSError as error:
        raise InputError(f"{folder}: cannot be a folder: {error.strerror}") from None
    stale = [name for name in sorted(there) if re.fullmatch(_OWN_FILES, name) and name not in texts]
    if stale and any(re.fullmatch(_OWN_FILES, name) for name in texts):
        raise InputError(f"{os.path.join(folder, stale[0])}: left from before; remove it first")
