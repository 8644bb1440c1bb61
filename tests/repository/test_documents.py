"""The pages that are generated say what the code does; the README's lines are what they claim."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from docs.generate import PAGES
from docs.plain_documents import plain_documents
from ormer import __version__
from ormer.controls.load import load_catalogue
from ormer.report.findings.formats import Format

ROOT = Path(__file__).parents[2]


def test_the_plain_policies_are_those_of_the_templates():
    found = dict(plain_documents())
    for path, text in found.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: tox -e generate"
    there = {path for folder in ("iam", "policies") for path in (ROOT / folder / "json").iterdir()}
    assert there == set(found)


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_generates(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), (
        "tox -e generate writes it again"
    )


def quick_start() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Quick start$(.*?)^## ", text, re.M | re.S)
    assert section is not None
    blocks = re.findall(r"```\w*\n(.*?)```", section[1], re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_the_quick_start_is_two_command_lines_that_make_their_own_environment() -> None:
    lines = quick_start()
    assert len(lines) == 2
    assert all(line.startswith("python3 -m venv --without-pip .venv && ") for line in lines)
    assert [line.split()[-1] for line in lines] == ["rehearse", "tests"]


def test_ci_runs_the_second_line() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script
    assert "tox" not in script, "CI takes the line from the README instead of repeating it"


def test_every_link_in_the_documents_leads_to_a_file() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/**/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_format_has_a_row_in_the_documentation() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.M) == [form.value for form in Format]


def test_the_changelog_names_this_version_and_the_number_of_controls() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__}" in text
    assert f"{len(load_catalogue().controls)} controls" in text


def test_the_example_control_of_the_documentation_loads(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "writing-controls.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.S)
    assert example is not None
    (tmp_path / "ACME-01.yaml").write_text(example[1], encoding="utf-8")
    catalogue = load_catalogue(str(tmp_path))
    assert "ACME-01" in {control.id for control in catalogue.controls}


def test_every_requirement_is_pinned_with_hashes_and_names_no_registry() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        entries = [e for e in re.split(r"\n(?=\S)", text.strip()) if not e.startswith("#")]
        assert entries
        for entry in entries:
            assert re.match(r"[A-Za-z0-9_.\[\],-]+==\S+", entry), f"{path.name}: {entry[:60]}"
            assert "--hash=sha256:" in entry, f"{path.name}: {entry[:60]}"


def test_the_wheel_is_the_package_alone() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["src/ormer"]
