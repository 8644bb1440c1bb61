"""What is tested here: this repository's own definitions and policies, against their profile.

    pytest compliance_tests --definition build/abalone.json --environment environment.yaml

Without options the abalone pipeline is built here, in an embedded AWS, for
``pipelines/environment.yaml``, and ``pipelines/access.yaml`` says who may call what there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROFILE = ROOT / "pipelines" / "environment.yaml"
ACCESS = ROOT / "pipelines" / "access.yaml"
BUILT = pytest.StashKey[Path]()
NAME = "abalone"

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Build the definition where none is given, before the suites ask for it."""
    option = session.config.option
    if not option.ormer_definition and not option.ormer_environment:
        folder = session.config.stash.setdefault(BUILT, _folder(session.config))
        option.ormer_definition = [str(_build(folder / f"{NAME}.json"))]
        option.ormer_environment = str(PROFILE)
        option.ormer_access = option.ormer_access or str(ACCESS)


def _folder(config: pytest.Config) -> Path:
    """A folder that pytest removes, one a process."""
    from tempfile import TemporaryDirectory

    folder = TemporaryDirectory(prefix="compliance-")
    config.add_cleanup(folder.cleanup)
    return Path(folder.name)


def _build(path: Path) -> Path:
    from ormer.embedded.aws import EmbeddedAws
    from ormer.run.check import load_environment
    from pipelines.abalone.pipeline import get_pipeline

    environment = load_environment(str(PROFILE))
    with EmbeddedAws(environment) as account, pytest.MonkeyPatch.context() as patch:
        for name, value in account.environ.items():
            patch.setenv(name, value)
        path.write_text(get_pipeline("eu-west-1", environment=environment).definition())
    return path


@pytest.fixture(scope="session")
def definition(pytestconfig: pytest.Config) -> bytes:
    """The abalone pipeline's definition, as it is to be upserted."""
    for path in pytestconfig.option.ormer_definition:
        if os.path.basename(path) == f"{NAME}.json":
            return Path(path).read_bytes()
    pytest.skip(f"no {NAME}.json among the definitions that were given")
