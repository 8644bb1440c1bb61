"""Network isolation of a child process: Python imports this module when it starts.

Only what Python code does is stopped, which is what the step scripts are.
"""

import sys

_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")


def _refuse(event: str, arguments: tuple) -> None:  # type: ignore[type-arg]
    if event in _NETWORK:
        raise PermissionError(
            "network isolation: the container cannot reach " + repr(arguments[1:])
        )


sys.addaudithook(_refuse)
