"""What the embedded AWS remembers beside moto: projects, pipeline versions and executions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Optional

from ormer.embedded.execution import Execution


class Fault(Exception):
    """An error answer in AWS's form: HTTP 400 with a code and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Project(NamedTuple):
    """A SageMaker project and its tags (AWS: DescribeProject, ListTags)."""

    name: str
    id: str
    arn: str
    created: datetime
    tags: Mapping[str, str]


class World:
    """The state of one embedded account and region that moto does not keep.

    ``versions`` holds the definition texts of each pipeline, version 1 first.
    Change it only while holding ``lock``.
    """

    def __init__(self, account: str, region: str, seeded_roles: Iterable[str]) -> None:
        self.account = account
        self.region = region
        self.seeded_roles = frozenset(seeded_roles)
        self.projects: dict[str, Project] = {}
        self.versions: dict[str, list[str]] = {}
        self.executions: dict[str, Execution] = {}
        self.started_by_token: dict[str, str] = {}
        self.runners: list[threading.Thread] = []
        self.on_start: Optional[Callable[[Execution], None]] = None
        self.lock = threading.RLock()

    def stop_runners(self, seconds: float) -> None:
        """Ask the callbacks that still run to stop, and give them ``seconds`` together."""
        for execution in list(self.executions.values()):
            execution.stopping.set()
        end = time.monotonic() + seconds
        for runner in self.runners:
            runner.join(max(0.0, end - time.monotonic()))

    def definition_object(self, location: Mapping[str, str]) -> str:
        """The text of a PipelineDefinitionS3Location, at its VersionId if it has one."""
        from moto.s3.exceptions import S3ClientError
        from moto.s3.models import s3_backends
        from moto.utilities.utils import get_partition

        bucket, key = location["Bucket"], location["ObjectKey"]
        try:
            found = s3_backends[self.account][get_partition(self.region)].get_object(
                bucket, key, version_id=location.get("VersionId")
            )
        except S3ClientError as error:
            raise Fault("ValidationException", f"s3://{bucket}/{key}: {error}") from None
        value = getattr(found, "value", None)
        if not isinstance(value, bytes):
            raise Fault("ValidationException", f"s3://{bucket}/{key} does not exist")
        return value.decode("utf-8")

    def mirror(self, execution: Execution) -> None:
        """Show an execution's state, and the definition it runs, in moto's own answers."""
        from moto.sagemaker.models import sagemaker_backends

        pipeline = sagemaker_backends[self.account][self.region].pipelines.get(
            execution.pipeline_name
        )
        fake = pipeline.pipeline_executions.get(execution.arn) if pipeline is not None else None
        if fake is not None:  # it is gone once its pipeline has been deleted
            fake.pipeline_execution_status = execution.state()[0]
            fake.pipeline_definition_for_execution = execution.definition.decode("utf-8")
