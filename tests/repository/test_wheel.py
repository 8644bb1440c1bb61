"""What is installed: the package alone, with the data it reads."""

from __future__ import annotations

from importlib.metadata import files

import pytest

import ormer

INSTALLED = [str(path) for path in files("ormer") or ()]


def test_nothing_but_the_package_and_its_command_is_installed() -> None:
    if not any(path.startswith("ormer/") for path in INSTALLED):
        pytest.skip("an editable install lists no files of its own")
    tops = {path.split("/")[0] for path in INSTALLED}
    assert {top for top in tops if not top.startswith("..")} <= {
        "ormer",
        f"ormer-{ormer.__version__}.dist-info",
    }


@pytest.mark.parametrize(
    "name",
    [
        "ormer/py.typed",
        "ormer/controls/catalogue.json",
        "ormer/controls/catalogue/NET-01.yaml",
        "ormer/proofs/asked/catalogue/ACS-01.yaml",
        "ormer/facts/service.json",
        "ormer/facts/condition_keys.yaml",
        "ormer/facts/image_registries.json",
        "ormer/facts/iam_actions.jsonl",
    ],
)
def test_the_data_is_installed_with_it(name: str) -> None:
    if not any(path.startswith("ormer/") for path in INSTALLED):
        pytest.skip("an editable install lists no files of its own")
    assert name in INSTALLED
