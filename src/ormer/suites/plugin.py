"""The pytest plugin: the suites' options, defined once for every repository.

pytest loads it wherever Ormer is installed, so it imports nothing of Ormer before a suite asks.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ormer.suites.cases import Case, Cases
    from ormer.suites.guardrail_cases import GuardrailCase
    from ormer.suites.policy_cases import PolicyCase
    from ormer.suites.proof_cases import ProofCase

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "definition",
        {
            "action": "append",
            "default": [],
            "metavar": "FILE",
            "help": "a pipeline definition or a glob (repeatable; also --definition); "
            "default: what ormer.toml names",
        },
    ),
    ("environment", {"metavar": "FILE", "help": "the environment profile (also --environment)"}),
    ("project", {"metavar": "FILE", "help": "default: ormer.toml, here or in a folder above"}),
    ("profile", {"metavar": "NAME", "help": "of ormer.toml; default: every profile in it"}),
    ("controls", {"metavar": "DIR", "help": "a folder of your own controls"}),
    ("waivers", {"metavar": "FILE", "help": "a file of waivers"}),
    ("access", {"metavar": "FILE", "help": "an access file: its policies are tested, too"}),
    (
        "prove",
        {
            "action": "store_true",
            "help": "with an access file: prove its predictions",
        },
    ),
    ("expectations", {"metavar": "DIR", "help": "a folder of your own expectations of policies"}),
    ("strict", {"action": "store_true", "help": "fail where a control is not configured"}),
)
_SHORT = ("definition", "environment", "waivers", "access")
"""Options that go without the prefix, too, unless another plugin has one of that name."""

_WITHOUT_CASES = tuple(
    f"::{test}[NOTSET]"
    for test in ("test_waiver", "test_policies", "test_guardrails", "test_proofs")
)
"""What pytest makes of a test that there are no cases for."""
_WITHOUT_DEFINITIONS = ("::test_definition[NOTSET]", "::test_every_control_ran[NOTSET]")
"""The same, where policies alone are tested."""

CASES = pytest.StashKey["Cases"]()
LOST = pytest.StashKey[list[str]]()
"""The short names that somebody else has."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options under names that nobody else has."""
    group = parser.getgroup("ormer", "compliance of SageMaker pipelines (ormer)")
    for name, more in _OPTIONS:
        group.addoption(f"--ormer-{name}", dest=f"ormer_{name}", **more)


@pytest.hookimpl(trylast=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser) -> None:
    """The short names, once every plugin and conftest has had its turn.

    ``--environment`` is what many call an option of their own; two of one name end pytest.
    """
    group = parser.getgroup("ormer")
    lost = early_config.stash.setdefault(LOST, [])
    for name, more in _OPTIONS:
        if name in _SHORT:
            try:
                group.addoption(f"--{name}", dest=f"ormer_{name}", **more)
            except (ValueError, argparse.ArgumentError):
                lost.append(name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Check before anything is collected, so that what cannot be read is one line."""
    if _is_asked_for(session.config):
        cases(session.config)


def _is_asked_for(config: pytest.Config) -> bool:
    return "ormer.suites" in map(str, config.invocation_params.args)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without waivers or an access file nothing is said of them; no suite at all is an error."""
    asked = _is_asked_for(config)
    if asked and not any(item.path.parent == Path(__file__).parent for item in items):
        pytest.exit("ormer: no test of ormer.suites was collected (python_files?)", returncode=2)
    made = config.stash.get(CASES, None)
    is_policies_alone = made is not None and bool(made.policies) and not made.pipelines
    names = (*_WITHOUT_CASES, *(_WITHOUT_DEFINITIONS if is_policies_alone else ()))
    empty = [item for item in items if item.nodeid.endswith(names)]
    if empty:
        items[:] = [item for item in items if item not in empty]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """One line where no solver is installed: a skipped test is easily overlooked."""
    made = config.stash.get(CASES, None)
    if made is not None and any(case.proofs is None for case in made.proofs):
        from ormer.suites.proof_cases import NOTHING_PROVED

        terminalreporter.write_line(f"ormer: {NOTHING_PROVED}")


def cases(config: pytest.Config) -> Cases:
    """What there is to test in this session, checked once.

    Ends the session with exit code 2 and one line for what cannot be read.
    """
    if CASES not in config.stash:
        made = _checked(config)
        if isinstance(made, str):
            pytest.exit(f"ormer: {made}", returncode=2)
        config.stash[CASES] = made
    return config.stash[CASES]


def _misled(config: pytest.Config) -> str:
    """Why an option on the command line may be meant for us and went to somebody else."""
    words = [str(word).partition("=")[0] for word in config.invocation_params.args]
    for name in config.stash.get(LOST, []):
        if f"--{name}" in words and f"--ormer-{name}" not in words:
            return (
                f"--{name} is an option of a conftest or plugin here: give --ormer-{name} as well"
            )
    return ""


def _checked(config: pytest.Config) -> Cases | str:
    """The cases, or why there are none."""
    misled = _misled(config)
    if misled:
        return misled
    from ormer.model.errors import InputError
    from ormer.run.batches import Asked
    from ormer.suites.cases import Cases

    given = config.option
    asked = Asked(
        targets=given.ormer_definition,
        environment=given.ormer_environment,
        project=given.ormer_project,
        profile=given.ormer_profile,
        waivers=given.ormer_waivers,
        controls=given.ormer_controls,
        access=given.ormer_access,
        prove=given.ormer_prove,
    )
    try:
        return Cases.of(asked, given.ormer_strict, given.ormer_expectations)
    except InputError as error:
        return str(error)


def tell(case: Case | PolicyCase | GuardrailCase | ProofCase) -> None:
    """Fail with what is wrong; skip where it is waived, or there is nothing to judge."""
    wrong = case.wrong()
    if wrong:
        pytest.fail(wrong, pytrace=False)
    reason = case.silent()
    if reason:
        pytest.skip(reason)
