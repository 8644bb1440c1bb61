"""Print a pipeline's definition, or save it.

    python -m pipelines.get_pipeline_definition -n pipelines.abalone.pipeline \\
        -kwargs '{"region": "eu-west-1", "environment": "pipelines/environment.yaml"}'
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Optional, Sequence

from ormer.model.errors import InputError
from pipelines import _utils

PROGRAM = "get_pipeline_definition"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """The command; returns its exit code: 0, or 2 if there is no definition."""
    parser = _utils.OneLineParser(PROGRAM, "Print a pipeline's definition, or save it.")
    _utils.add_pipeline_arguments(parser)
    parser.add_argument(
        "-f", "--file-name", metavar="FILE", help="write to FILE instead of standard output"
    )
    arguments = parser.parse_args(argv)
    return _utils.run(
        PROGRAM,
        lambda: _print(
            arguments.module_name, arguments.kwargs, arguments.tags, arguments.file_name
        ),
    )


def _print(
    module_name: str, kwargs_text: Optional[str], tags: Optional[str], file_name: Optional[str]
) -> int:
    kwargs = _utils.read_kwargs(kwargs_text)
    _utils.read_tags(tags)
    with _utils.quietly():
        function = _utils.load_get_pipeline(module_name)
        pipeline = _utils.call_get_pipeline(module_name, function, kwargs)
        definition = _utils.serialised(module_name, pipeline)
    if file_name is None:
        _write_out(definition)
    else:
        replace_file(Path(file_name), definition)
    return 0


def _write_out(definition: bytes) -> None:
    try:
        sys.stdout.buffer.write(definition)
        if sys.stdout.isatty():
            sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
    except OSError as error:
        raise InputError(f"standard output: {error.strerror}") from None


def replace_file(path: Path, content: bytes) -> None:
    """Write ``path`` as a whole or not at all; raises InputError if it cannot be written."""
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: is not an ordinary file")
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def _umask() -> int:
    before = os.umask(0o077)
    os.umask(before)
    return before


if __name__ == "__main__":
    sys.exit(main())
