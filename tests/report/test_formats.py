"""The formats: each is wired, each holds every report, and none depends on chance."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ormer
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.controls.load import load_catalogue
from ormer.model.finding import Report
from ormer.report.findings.formats import Format, Setting, render

SETTING = Setting(rules=(*load_catalogue().controls, *DOCUMENT_RULES))


@pytest.mark.parametrize("form", Format)
def test_every_format_is_written_by_a_file_of_its_name(form: Format, reports: list[Report]) -> None:
    assert (Path(ormer.__file__).parent / "report/findings" / f"{form.value}.py").exists()
    text = render(form, reports, SETTING)
    assert text.endswith("\n") and text == render(form, reports, SETTING)
    assert text.encode("utf-8")


def test_what_is_no_format_is_refused() -> None:
    with pytest.raises(AssertionError):
        render("xml", [], SETTING)


def test_no_format_is_imported_before_it_is_asked_for() -> None:
    program = (
        "import sys, ormer.cli.check\n"
        "loaded = [m for m in sys.modules if m.startswith('ormer.report.')]\n"
        "print(sorted(loaded), 'xml.etree' in sys.modules, 'csv' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(ormer.__file__).parents[1])},
        check=True,
    )
    loaded = "['ormer.report.findings', 'ormer.report.findings.formats']"
    assert done.stdout == f"{loaded} False False\n"
