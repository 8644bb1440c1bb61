"""moto's server application behind our layer, in a thread."""

from __future__ import annotations

import os
import threading
from typing import Any

from ormer.embedded.world import World
from ormer.model.errors import InputError


def serve(host: str, port: int, world: World) -> Any:
    """Listen on ``host`` and answer in daemon threads; returns werkzeug's server.

    This is moto's ThreadedMotoServer with one difference: the layer stands in
    front of moto's application. Raises InputError if the port is taken.
    """
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from ormer.embedded.layer import Layer

    class Quiet(MotoRequestHandler):  # a line for every request would drown the report
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            return None

    # nobody starts instances here, and moto's machine images take 0.3 s to load
    os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    application = Layer(DomainDispatcherApplication(create_backend_app), world)
    _must_be_free(host, port)
    server = make_server(host, port, application, threaded=True, request_handler=Quiet)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    return server


def _must_be_free(host: str, port: int) -> None:
    # werkzeug itself exits the process when the port is taken
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputError(f"embedded AWS: {host}:{port}: {error.strerror}") from None
