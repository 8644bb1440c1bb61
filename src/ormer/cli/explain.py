"""``ormer explain``: one control, or the list of all."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ormer.assess.rules import RULES
from ormer.controls.load import check_ids, load_catalogue
from ormer.lint.rules import LINT_RULES
from ormer.proofs.asked.properties import load_properties
from ormer.report.explanation import (
    DETECTED,
    PROVED,
    Rule,
    explain_control,
    explain_rule,
    list_all,
)


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "explain",
        help=summary,
        description="Print one control, rule or access property, or without an id the list of all.",
    )
    parser.add_argument("control", nargs="?", metavar="CONTROL", help="an id such as NET-01")
    parser.add_argument("--controls", metavar="DIR", help="a folder of your own controls")


def run(options: argparse.Namespace) -> int:
    """Print the explanation."""
    catalogue = load_catalogue(options.controls)
    rules: dict[str, Rule] = {rule.id: rule for rule in (*RULES, *LINT_RULES)}
    properties = {one.id: one for one in load_properties()}
    controls = {**properties, **{one.id: one for one in catalogue.controls}}
    if options.control is None:
        text = list_all(tuple(controls.values()), tuple(rules.values()))
    else:
        name = _spelt(options.control, [*controls, *rules])
        check_ids(catalogue, [name], [*rules, *controls])
        if name in rules:
            text = explain_rule(rules[name])
        else:
            is_property = controls[name] is properties.get(name)
            text = explain_control(controls[name], PROVED if is_property else DETECTED)
    sys.stdout.write(text)
    return 0


def _spelt(name: str, known: list[str]) -> str:
    """The id as it is spelt, whatever case it was asked for in."""
    return next((other for other in known if other.lower() == name.lower()), name)
