"""An AWS account on this machine: moto's server on 127.0.0.1, seeded from a profile.

Needs the extra ``embedded`` (moto[server], boto3). Clients are ordinary boto3
clients that speak HTTP to it; nothing leaves the loopback interface.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from ormer.embedded.execution import Execution
from ormer.embedded.world import World
from ormer.model.environment import Environment
from ormer.model.errors import InputError

HOST = "127.0.0.1"
ACCESS_KEY = "embedded"
LONGEST_GOODBYE = 5.0
"""Seconds that running executions get to stop when the account goes away."""

_one_at_a_time = threading.Lock()

_SDK_DEFAULTS = """SchemaVersion: '1.0'
SageMaker:
  PythonSDK:
    Modules:
      TelemetryOptOut: true
"""


class EmbeddedAws:
    """A context manager around one embedded account, the profile's own.

    moto keeps its state per process, so a process has one at a time; each starts
    empty but for what the profile names (see ``ormer.embedded.seed``), or quite empty
    where ``is_seeded`` is false. ``port`` 0 takes a free one.
    """

    def __init__(
        self,
        environment: Environment,
        project_name: str = "abalone",
        port: int = 0,
        is_seeded: bool = True,
    ) -> None:
        self.environment = environment
        self.project_name = project_name
        self.is_seeded = is_seeded
        roles = environment.lookup("roles.*") or ()
        self._world = World(environment.account, environment.region, roles)
        self._port = port
        self._server: Any = None
        self._session: Any = None
        self._making_client = threading.Lock()
        self._folder: Optional[tempfile.TemporaryDirectory[str]] = None

    @property
    def endpoint_url(self) -> str:
        """``http://127.0.0.1:PORT``, once entered; raises InputError before and after."""
        if self._server is None:
            raise InputError("embedded AWS: not started; use it in a with statement")
        return f"http://{HOST}:{self._server.server_port}"

    @property
    def executions(self) -> dict[str, Execution]:
        """The pipeline executions started so far, by ARN."""
        return dict(self._world.executions)

    def on_start(self, callback: Optional[Callable[[Execution], None]]) -> None:
        """Call ``callback`` in a thread of its own for every execution that starts from now on.

        It runs the steps and reports them on the Execution. Without one, an
        execution stays Executing. A callback that raises fails its execution.
        """
        self._world.on_start = callback

    def __enter__(self) -> EmbeddedAws:
        self._refuse_other_account()
        if not _one_at_a_time.acquire(blocking=False):
            raise InputError("embedded AWS: this process runs one already")
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def client(self, service: str) -> Any:
        """A boto3 client of ``service`` that talks to this account over HTTP."""
        from botocore.config import Config

        with self._making_client:  # a boto3 session makes one client at a time
            return self._session.client(
                service, endpoint_url=self.endpoint_url, config=Config(proxies={})
            )

    @property
    def environ(self) -> dict[str, str]:
        """Environment variables that send every AWS SDK in a process to this account.

        They hide the user's own AWS configuration files and keys, and turn the
        SageMaker SDK's telemetry off (its documented option, in a file that lives
        as long as this account).
        """
        folder = Path(self._folder.name) if self._folder else Path()
        region = self.environment.region
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_SESSION_TOKEN": ACCESS_KEY,
            "AWS_DEFAULT_REGION": region,
            "AWS_REGION": region,
            "AWS_PROFILE": "default",
            "AWS_CONFIG_FILE": str(folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAGEMAKER_ADMIN_CONFIG_OVERRIDE": str(folder / "sagemaker.yaml"),
            "NO_PROXY": _without_proxy(os.environ.get("NO_PROXY", "")),
            "no_proxy": _without_proxy(os.environ.get("no_proxy", "")),
        }

    def _refuse_other_account(self) -> None:
        set_for_moto = os.environ.get("MOTO_ACCOUNT_ID", self.environment.account)
        if set_for_moto != self.environment.account:
            raise InputError(
                f"embedded AWS: MOTO_ACCOUNT_ID is {set_for_moto}, "
                f"the profile's account is {self.environment.account}; unset it"
            )

    def _start(self) -> None:
        try:
            import boto3  # noqa: F401
            from moto.core.base_backend import BackendDict
            from moto.moto_server import werkzeug_app  # noqa: F401
        except ImportError as error:
            raise InputError(f"embedded AWS: {error}; pip install 'ormer[embedded]'") from None
        from ormer.embedded.seed import Place, seed
        from ormer.embedded.server import serve

        BackendDict.reset()
        self._folder = tempfile.TemporaryDirectory(prefix="embedded-aws-")
        self._write_configuration(Path(self._folder.name))
        self._session = self._own_session(Path(self._folder.name))
        self._server = serve(HOST, self._port, self._world)
        if self.is_seeded:
            seed(Place(self.environment, self.client, self._world), self.project_name)

    def _own_session(self, folder: Path) -> Any:
        """A boto3 session that the user's AWS configuration and environment do not reach."""
        import boto3
        import botocore.session

        core = botocore.session.Session()
        core.set_config_variable("profile", "default")
        core.set_config_variable("config_file", str(folder / "config"))
        core.set_config_variable("credentials_file", str(folder / "credentials"))
        return boto3.session.Session(
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=ACCESS_KEY,
            region_name=self.environment.region,
            botocore_session=core,
        )

    def _write_configuration(self, folder: Path) -> None:
        (folder / "config").write_text(f"[default]\nregion = {self.environment.region}\n")
        (folder / "credentials").write_text("")
        (folder / "sagemaker.yaml").write_text(_SDK_DEFAULTS)

    def _stop(self) -> None:
        if self._server is not None:
            from moto.core.base_backend import BackendDict

            self._world.stop_runners(LONGEST_GOODBYE)
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            BackendDict.reset()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        _one_at_a_time.release()


def _without_proxy(before: str) -> str:
    return ",".join(part for part in (before, HOST, "localhost") if part)
