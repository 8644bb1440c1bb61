"""Every control on every step of every definition, and that every control ran."""

from __future__ import annotations

import pytest

from ormer.suites.cases import Case, Pipeline
from ormer.suites.plugin import cases, tell


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case a control and step, and one a pipeline, under readable ids."""
    if "case" in metafunc.fixturenames:
        found = cases(metafunc.config).controls
        metafunc.parametrize("case", found, ids=[case.id for case in found])
    if "pipeline" in metafunc.fixturenames:
        pipelines = cases(metafunc.config).pipelines
        metafunc.parametrize("pipeline", pipelines, ids=[pipeline.id for pipeline in pipelines])


def test_definition(case: Case, request: pytest.FixtureRequest) -> None:
    """The control holds on the step, whatever a caller of the pipeline passes."""
    request.node.user_properties += case.properties()
    tell(case)


def test_every_control_ran(pipeline: Pipeline, request: pytest.FixtureRequest) -> None:
    """No control was left out in silence, and with --ormer-strict none is unconfigured."""
    request.node.user_properties += pipeline.properties()
    assert pipeline.report.controls, "no controls"
    assert not pipeline.unheard()
    assert not pipeline.left_out()
