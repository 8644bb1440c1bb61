"""The SageMaker SDK, kept to building a definition.

Left alone, building also reads the user's SDK defaults (so that two machines can
build two definitions), sends telemetry, creates a bucket where the named one is not
listed, and simulates the execution role's policies without the resource and context of
a request, so that it refuses a role whose permissions are limited by them.

Import this module late: it imports the SDK, which takes two to three seconds.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from typing import Any, Iterator

from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.mlops.workflow.pipeline import Pipeline

from pipelines.sdk_import import REGION, environment_variables

TELEMETRY_OFF = {
    "SchemaVersion": "1.0",
    "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
}
"""The SDK's documented opt-out ("Configuring and using defaults with the SageMaker Python SDK")."""

NOT_LOOKED_AT = {
    "SAGEMAKER_ADMIN_CONFIG_OVERRIDE": os.devnull,
    "SAGEMAKER_USER_CONFIG_OVERRIDE": os.devnull,
    "SAGEMAKER_VALIDATE_ROLE": "false",
}


class BuildSession(PipelineSession):  # type: ignore[misc]  # the SDK has no types
    """A pipeline session with no defaults but the telemetry opt-out, and no bucket of its own."""

    sagemaker_config: dict[str, Any]

    def __init__(self, boto_session: Any, bucket: str) -> None:
        super().__init__(
            boto_session=boto_session, default_bucket=bucket, sagemaker_config=TELEMETRY_OFF
        )

    def default_bucket(self) -> str:
        """The approved bucket; the SDK's own method lists buckets, and creates a missing one."""
        return str(self._default_bucket_name_override)

    @contextlib.contextmanager
    def without_defaults(self) -> Iterator[None]:
        """Spare the SDK its defaults: it validates all of them again at each of its many look-ups.

        For work that sends no telemetry, since the opt-out is one of those defaults.
        """
        kept, self.sagemaker_config = self.sagemaker_config, {}
        try:
            yield
        finally:
            self.sagemaker_config = kept


class BuiltPipeline(Pipeline):  # type: ignore[misc]  # the SDK has no types
    """A pipeline whose definition is compiled in milliseconds, not seconds."""

    def definition(self) -> str:
        """The definition as JSON; without side effects, and always the same."""
        with self.sagemaker_session.without_defaults():
            return str(super().definition())


@contextlib.contextmanager
def building(region: str) -> Iterator[None]:
    """Build in here: what the SDK would find around it is out of its sight.

    That is the user's SDK defaults, which it reads anew for a check inside each
    processing step, the policies of the role, and its warning that no job is started.
    """
    with environment_variables({**NOT_LOOKED_AT, REGION: region}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Running within a PipelineSession")
        yield
