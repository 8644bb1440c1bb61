"""``ormer explain``: one control, or the list of all."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ormer.assess.rules import RULES
from ormer.controls.load import check_ids, load_catalogue
from ormer.lint.rules import LINT_RULES
from ormer.report.explanation import Rule, explain_control, explain_rule, list_all


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "explain",
        help=summary,
        description="Print one control, or without an id the list of all.",
    )
    parser.add_argument("control", nargs="?", metavar="CONTROL", help="an id such as NET-01")
    parser.add_argument("--controls", metavar="DIR", help="a folder of your own controls")


def run(options: argparse.Namespace) -> int:
    """Print the explanation."""
    catalogue = load_catalogue(options.controls)
    rules: dict[str, Rule] = {rule.id: rule for rule in (*RULES, *LINT_RULES)}
    controls = {control.id: control for control in catalogue.controls}
    if options.control is None:
        text = list_all(catalogue.controls, tuple(rules.values()))
    else:
        name = _spelt(options.control, [*controls, *rules])
        check_ids(catalogue, [name], rules)
        text = explain_rule(rules[name]) if name in rules else explain_control(controls[name])
    sys.stdout.write(text)
    return 0


def _spelt(name: str, known: list[str]) -> str:
    """The id as it is spelt, whatever case it was asked for in."""
    return next((other for other in known if other.lower() == name.lower()), name)
