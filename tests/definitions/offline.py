"""What the two generators share: a fake account, a frozen world, and the writer.

Import this module before any SageMaker SDK: both SDK lines read the AWS environment when they are
imported, and would otherwise look for the user's own configuration.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import os
import random
import sys
import tempfile
import time
import unittest.mock
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

ACCOUNT = "111122223333"
REGION = "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/sm-exec"
SUBNETS = ["subnet-0aaa", "subnet-0bbb"]
SECURITY_GROUPS = ["sg-0aaa"]
VOLUME_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/ebs"
OUTPUT_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/s3"
DATA_BUCKET = "data-bucket"
MODELS_BUCKET = "models-bucket"
UNAPPROVED_BUCKET = "elsewhere"
DATA = f"s3://{DATA_BUCKET}"
MODELS = f"s3://{MODELS_BUCKET}"
ELSEWHERE = f"s3://{UNAPPROVED_BUCKET}"
TAGS = [
    {"Key": "EnvironmentName", "Value": "mlops"},
    {"Key": "EnvironmentType", "Value": "dev"},
]
REGISTRY = f"141502667606.dkr.ecr.{REGION}.amazonaws.com"
XGBOOST_IMAGE = f"{REGISTRY}/sagemaker-xgboost:1.7-1"
SKLEARN_IMAGE = f"{REGISTRY}/sagemaker-scikit-learn:1.2-1-cpu-py3"
UNAPPROVED_IMAGE = f"999988887777.dkr.ecr.{REGION}.amazonaws.com/anything:latest"

FROZEN_TIME = 1_767_225_600.25  # 2026-01-01T00:00:00Z; the fraction keeps milliseconds in names

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_SESSION_TOKEN="testing",
    AWS_DEFAULT_REGION=REGION,
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    MOTO_ACCOUNT_ID=ACCOUNT,
    SAGEMAKER_SUPPRESS_V2_WARNING="1",
    XDG_CONFIG_DIRS="/nonexistent",
    XDG_CONFIG_HOME="/nonexistent",
    TZ="UTC",
)
time.tzset()

#: The local files that the documents' steps upload. The SDKs hash them into the definition.
SOURCES = {
    "preprocess.py": "print('preprocess')\n",
    "train.py": "print('train')\n",
    "evaluate.py": "print('evaluate')\n",
    "inference.py": "def model_fn(model_dir):\n    return None\n",
    "spark.py": "print('spark')\n",
    "function.py": "def handler(event, context):\n    return {'statusCode': 200}\n",
    "requirements.txt": "sagemaker\n",
    "code/train.py": "print('train')\n",
    "code/requirements.txt": "pandas\n",
    "serve/inference.py": "def model_fn(model_dir):\n    return None\n",
    "notebook.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n',
    "dataset.csv": "rings,sex\n1,M\n",
}


class Pipeline(Protocol):
    """The one thing both SDK lines' pipelines are used for here."""

    def definition(self) -> str: ...


class FrozenDatetime(datetime.datetime):
    """A `datetime` whose clock stands still."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> FrozenDatetime:
        return cls.fromtimestamp(FROZEN_TIME, tz)


Builder = Callable[[], Pipeline]
BUILDERS: dict[str, Builder] = {}


def document(builder: Builder) -> Builder:
    """Register a builder; its name is the stem of the file it makes."""
    BUILDERS[builder.__name__] = builder
    return builder


def secure_and_bare(builder: Callable[[bool], Pipeline]) -> Callable[[bool], Pipeline]:
    """Register a builder twice: with every security setting (`_secure`) and with none (`_bare`)."""
    BUILDERS[f"{builder.__name__}_secure"] = lambda: builder(True)
    BUILDERS[f"{builder.__name__}_bare"] = lambda: builder(False)
    return builder


def only_if(secure: bool, **settings: Any) -> dict[str, Any]:
    """The settings of the secure document, nothing for the bare one."""
    return settings if secure else {}


def write_documents(out: Path) -> None:
    """Build every registered document inside a mocked AWS and write it to `out`."""
    import moto

    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with _source_folder(), moto.mock_aws():
        _seed_account()
        for name, builder in BUILDERS.items():
            (out / f"{name}.json").write_text(_build(builder), encoding="utf-8")


def run(argv: list[str]) -> None:
    """The command line of both generators: one argument, the output folder."""
    if len(argv) != 2:
        sys.exit(f"usage: python {argv[0]} OUTDIR")
    write_documents(Path(argv[1]))


def _build(builder: Builder) -> str:
    with frozen(), contextlib.redirect_stdout(io.StringIO()):
        definition = builder().definition()
    return json.dumps(json.loads(definition), indent=1) + "\n"


@contextlib.contextmanager
def frozen() -> Iterator[None]:
    """Stop the clock and make every random name the same in each run."""
    uuids = (uuid.UUID(int=n, version=4) for n in range(1, 1_000_000))
    random.seed(0)
    tempfile._name_sequence = _names()
    with contextlib.ExitStack() as stack:
        for target, fake in (
            ("time.time", lambda: FROZEN_TIME),
            ("time.strftime", _strftime),
            ("uuid.uuid4", lambda: next(uuids)),
            ("secrets.token_hex", lambda nbytes=32: "0" * 2 * nbytes),
        ):
            stack.enter_context(unittest.mock.patch(target, fake))
        yield


def _names() -> Iterator[str]:
    return (f"{n:08}" for n in range(1_000_000))


_real_strftime = time.strftime


def _strftime(form: str, moment: Any = None) -> str:
    return _real_strftime(form, time.gmtime(FROZEN_TIME) if moment is None else moment)


@contextlib.contextmanager
def _source_folder() -> Iterator[None]:
    """Work in a fresh folder that holds the local sources, so that no machine path is emitted."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in SOURCES.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        os.chdir(folder)
        tempfile.tempdir = str(Path(folder, "scratch"))
        Path(tempfile.tempdir).mkdir()
        try:
            yield
        finally:
            tempfile.tempdir = None
            os.chdir(before)


def _seed_account() -> None:
    """The buckets and the role that the SDKs look up while they build."""
    import boto3

    location: Any = {"LocationConstraint": REGION}
    s3 = boto3.client("s3")
    for bucket in (DATA_BUCKET, MODELS_BUCKET, UNAPPROVED_BUCKET):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=location)
    trust = {"Service": ["sagemaker.amazonaws.com", "lambda.amazonaws.com"]}
    statement = {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    boto3.client("iam").create_role(RoleName="sm-exec", AssumeRolePolicyDocument=policy)
