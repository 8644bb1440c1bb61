"""Copy the dataset of the repository to the data bucket, encrypted with the approved key.

python -m pipelines.deliver_dataset --environment environment.yaml
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from pipelines import _utils
from pipelines.code_upload import file_content, upload_encrypted
from pipelines.settings import settings_of

if TYPE_CHECKING:
    from ormer.model.environment import Environment

PROGRAM = "deliver_dataset"
DATASET = Path(__file__).parent.parent / "dataset" / "abalone-dataset.csv"
KEY = "abalone/abalone-dataset.csv"
"""Below the data bucket; the default of the pipeline's InputDataKey."""


def main(argv: Optional[Sequence[str]] = None) -> int:
    """The command; 0, or 2 if the data could not be delivered."""
    parser = _utils.OneLineParser(PROGRAM, "Copy the dataset to the data bucket.")
    parser.add_argument("--environment", metavar="FILE", required=True, help="the profile")
    arguments = parser.parse_args(argv)
    return _utils.run(PROGRAM, lambda: _deliver(arguments.environment))


def _deliver(profile: str) -> int:
    from ormer.run.check import load_environment

    print(f"delivered {deliver(load_environment(profile))}")
    return 0


def deliver(environment: Environment) -> str:
    """Upload the dataset with SSE-KMS and return its S3 URI. Raises AwsError."""
    from ormer.sources.aws import connect

    settings = settings_of(environment)
    uri = f"{settings.data}/{KEY}"
    s3 = connect("s3", environment.region)
    upload_encrypted(s3, uri, file_content(DATASET), settings.output_key)
    return uri


if __name__ == "__main__":
    sys.exit(main())
