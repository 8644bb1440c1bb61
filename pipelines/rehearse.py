"""The whole way on this machine: build, check, upsert, run, and a refused variant.

    python -m pipelines.rehearse

AWS is the embedded one (moto's server on 127.0.0.1, seeded from the profile), reached over
HTTP by the same gate that is used for a real account. What the gate starts is run from the
definition that the embedded SageMaker has: the step scripts as processes of their own, in
directories laid out as in their containers, on the real data.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from pipelines import _utils
from pipelines.abalone.pipeline import LARGEST_MSE

if TYPE_CHECKING:
    from ormer.embedded.aws import EmbeddedAws
    from ormer.model.environment import Environment

PROGRAM = "rehearse"
MODULE = "pipelines.abalone.pipeline"
NAME = "AbalonePipeline"
PROFILE = Path(__file__).with_name("environment.yaml")
ACCESS = PROFILE.with_name("access.yaml")
OUTPUT = "build/rehearsal"


class Registered(NamedTuple):
    """What the run left behind: the evaluation, and the package as SageMaker describes it."""

    mse: float
    package: dict[str, Any]


def main(argv: Optional[Sequence[str]] = None) -> int:
    """The command; 0 if all went as it should, 1 if not, 2 if it could not run."""
    parser = _utils.OneLineParser(PROGRAM, "Rehearse the abalone pipeline on this machine.")
    parser.add_argument("--environment", metavar="FILE", default=str(PROFILE), help="the profile")
    parser.add_argument("--output", metavar="DIR", default=OUTPUT, help=f"default: {OUTPUT}")
    arguments = parser.parse_args(argv)
    return _utils.run(PROGRAM, lambda: _rehearse(arguments))


def _rehearse(arguments: argparse.Namespace) -> int:
    from ormer.embedded.aws import EmbeddedAws
    from ormer.run.check import load_environment
    from pipelines.deliver_dataset import deliver
    from pipelines.local.embedded import runner

    environment = load_environment(arguments.environment)
    output = Path(arguments.output)
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    started = time.monotonic()
    with EmbeddedAws(environment) as aws:
        os.environ.update(aws.environ)
        aws.on_start(runner(aws, output / "executions"))
        _say(f"embedded AWS at {aws.endpoint_url}, seeded from {arguments.environment}")
        _say(f"delivered {deliver(environment)}")
        _headline("build, check, upsert, start, wait")
        code = _run_pipeline(arguments.environment, environment)
        if code != 0:
            return code
        registered = _registered(aws, environment, output)
        _headline("a variant with plausible mistakes, which the gate has to refuse")
        refused = _refused(aws, environment, _predicted(arguments.environment))
    _headline("result")
    return _conclude(registered, refused, output, time.monotonic() - started)


def _run_pipeline(profile: str, environment: Environment) -> int:
    from pipelines import run_pipeline

    kwargs = {"region": environment.region, "pipeline_name": NAME}
    flags = ["-n", MODULE, "-kwargs", json.dumps(kwargs), "--environment", profile]
    return run_pipeline.main([*flags, *_predicted(profile), "--start", "--wait"])


def _predicted(profile: str) -> list[str]:
    """The documents of ``iam/`` and ``policies/``, which are for the profile beside them alone."""
    return ["--access", os.path.relpath(ACCESS)] if Path(profile).resolve() == PROFILE else []


def _registered(aws: EmbeddedAws, environment: Environment, output: Path) -> Registered:
    """Read back what the execution registered, and keep it with the model."""
    sagemaker, s3 = aws.client("sagemaker"), aws.client("s3")
    newest = sagemaker.list_model_packages(ModelPackageGroupName="AbaloneModelPackageGroup")
    arn = newest["ModelPackageSummaryList"][0]["ModelPackageArn"]
    package = sagemaker.describe_model_package(ModelPackageName=arn)
    package.pop("ResponseMetadata")
    container = package["InferenceSpecification"]["Containers"][0]
    statistics = package["ModelMetrics"]["ModelQuality"]["Statistics"]
    _download(s3, container["ModelDataUrl"], output / "model.tar.gz")
    _download(s3, statistics["S3Uri"], output / "evaluation.json")
    text = json.dumps(package, indent=2, default=str)
    (output / "model-package.json").write_text(text + "\n", encoding="utf-8")
    evaluation = json.loads((output / "evaluation.json").read_text(encoding="utf-8"))
    return Registered(evaluation["regression_metrics"]["mse"]["value"], package)


def _download(s3: Any, uri: str, path: Path) -> None:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    path.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def _refused(aws: EmbeddedAws, environment: Environment, predicted: list[str]) -> bool:
    """Hand the broken variant to the same gate; True if it stopped it and nothing changed."""
    from ormer.cli.upsert import run_upsert
    from pipelines.local.broken import broken_variant

    sagemaker = aws.client("sagemaker")
    deployed = sagemaker.describe_pipeline(PipelineName=NAME)["PipelineDefinition"]
    flags = ["--pipeline-name", NAME, "--role-arn", environment.one("roles.pipeline"), "--start"]
    flags += predicted
    variant = broken_variant(deployed.encode("utf-8"))
    code = run_upsert(variant, "the broken variant", flags, environment)
    after = sagemaker.describe_pipeline(PipelineName=NAME)["PipelineDefinition"]
    executions = sagemaker.list_pipeline_executions(PipelineName=NAME)
    return code == 1 and after == deployed and len(executions["PipelineExecutionSummaries"]) == 1


def _conclude(registered: Registered, refused: bool, output: Path, seconds: float) -> int:
    package = registered.package
    good = registered.mse <= LARGEST_MSE
    _say(f"mean squared error on the test rows: {registered.mse:.3f} (at most {LARGEST_MSE})")
    _say(f"registered: {package['ModelPackageArn']}, {package['ModelApprovalStatus']}")
    _say(f"the model and what was registered: {output}")
    _say("the broken variant was refused" if refused else "the broken variant was NOT refused")
    _say(f"{seconds:.1f} s in all")
    return 0 if good and refused else 1


def _headline(text: str) -> None:
    _say(f"\n== {text}")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
