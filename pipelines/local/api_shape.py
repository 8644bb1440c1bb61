"""A step's arguments against the API call that SageMaker would make with them."""

from __future__ import annotations

from typing import Any, Mapping

from pipelines.local.step_result import StepFailed


def check_shape(client: Any, operation: str, arguments: Mapping[str, Any]) -> None:
    """Raises StepFailed, as the service would, for arguments that are not the operation's."""
    from botocore.validate import ParamValidator

    shape = client.meta.service_model.operation_model(operation).input_shape
    report = ParamValidator().validate(dict(arguments), shape)
    if report.has_errors():
        first = report.generate_report().splitlines()[0]
        raise StepFailed(f"ClientError: failed to invoke sagemaker:{operation}: {first}")
