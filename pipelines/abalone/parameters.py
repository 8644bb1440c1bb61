"""What a caller of StartPipelineExecution may choose, and no more.

Import this module late: it imports the SageMaker SDK.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Union

from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.parameters import Parameter, ParameterInteger, ParameterString

from pipelines.settings import Settings


class Parameters(NamedTuple):
    """The pipeline's parameters.

    Each instance type is one of the profile's. The approval status cannot be Approved:
    approving is somebody else's decision. The data is any key of the approved bucket.
    SageMaker has no enum for integers, so where the profile limits the number of
    instances, it is the literal 1 and not a parameter.
    """

    processing_instance_type: Parameter
    processing_instance_count: Union[Parameter, int]
    training_instance_type: Parameter
    model_approval_status: Parameter
    input_data_key: Parameter

    def declared(self) -> list[Parameter]:
        """Those that the definition declares."""
        return [item for item in self if isinstance(item, Parameter)]

    def input_data(self, settings: Settings) -> Any:
        """The S3 URI of the input: the bucket is fixed, the key is the caller's."""
        return Join(on="/", values=[settings.data, self.input_data_key])


def make_parameters(settings: Settings, input_data_key: str) -> Parameters:
    """The parameters for a profile; the first instance type of the profile is the default."""
    return Parameters(
        processing_instance_type=_choice("ProcessingInstanceType", settings.instance_types),
        processing_instance_count=(
            ParameterInteger(name="ProcessingInstanceCount", default_value=1)
            if settings.max_instance_count is None
            else 1
        ),
        training_instance_type=_choice("TrainingInstanceType", settings.instance_types),
        model_approval_status=_choice("ModelApprovalStatus", ("PendingManualApproval", "Rejected")),
        input_data_key=ParameterString(name="InputDataKey", default_value=input_data_key),
    )


def _choice(name: str, values: tuple[str, ...]) -> Parameter:
    return ParameterString(name=name, default_value=values[0], enum_values=list(values))
