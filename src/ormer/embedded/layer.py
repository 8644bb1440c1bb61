"""The WSGI layer in front of moto's server: our operations first, then moto."""

from __future__ import annotations

import io
import json
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

from ormer.embedded.extensions import OPERATIONS, Json
from ormer.embedded.simulate import simulate_principal_policy
from ormer.embedded.world import Fault, World

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]

_JSON = "application/x-amz-json-1.1"


class Layer:
    """Answers the operations in OPERATIONS and iam:SimulatePrincipalPolicy; moto the rest.

    Every request is answered for the world's account, whatever its access key.
    """

    def __init__(self, moto: Wsgi, world: World) -> None:
        self.moto = moto
        self.world = world

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self.world.account
        service, _, name = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service == "SageMaker" and name in OPERATIONS:
            return self._sagemaker(name, environ, start_response)
        if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            body = _take_body(environ)
            form = urllib.parse.parse_qs(body.decode("utf-8"))
            if form.get("Action") == ["SimulatePrincipalPolicy"]:
                text = simulate_principal_policy(self.world, form)
                return _answer(start_response, "200 OK", "text/xml", text)
            environ["wsgi.input"] = io.BytesIO(body)
        return self.moto(environ, start_response)

    def _sagemaker(
        self, name: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        request = json.loads(_take_body(environ) or b"{}")
        if "PipelineName" in request:  # AWS takes an ARN there too, moto only the name
            request["PipelineName"] = request["PipelineName"].rpartition("pipeline/")[2]

        def moto(operation: str, body: Json) -> Json:
            return self._ask_moto(environ, operation, body)

        try:
            answer = OPERATIONS[name](self.world, request, moto)
        except Fault as fault:
            body = json.dumps({"__type": fault.code, "message": fault.message})
            return _answer(start_response, "400 Bad Request", _JSON, body)
        return _answer(start_response, "200 OK", _JSON, json.dumps(answer))

    def _ask_moto(self, environ: Environ, operation: str, body: Json) -> Json:
        from werkzeug.test import run_wsgi_app

        data = json.dumps(body).encode("utf-8")
        asked = {
            **environ,
            "HTTP_X_AMZ_TARGET": f"SageMaker.{operation}",
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.input": io.BytesIO(data),
        }
        chunks, status, _ = run_wsgi_app(self.moto, asked, buffered=True)
        answer: Json = json.loads(b"".join(chunks) or b"{}")
        if not status.startswith("2"):
            code = str(answer.get("__type", "ValidationException")).rpartition("#")[2]
            raise Fault(code, str(answer.get("message") or answer.get("Message") or status))
        return answer


def _take_body(environ: Environ) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return bytes(environ["wsgi.input"].read(length))


def _answer(start_response: StartResponse, status: str, kind: str, text: str) -> Iterable[bytes]:
    data = text.encode("utf-8")
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(data)))])
    return [data]
