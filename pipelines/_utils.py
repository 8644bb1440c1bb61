"""Command-line arguments of the pipelines, and the pipeline they name."""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import inspect
import json
import logging
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Iterator, NoReturn, Optional

from ormer.model.errors import AwsError, InputError

COULD_NOT_RUN = 2


class OneLineParser(argparse.ArgumentParser):
    """Reports wrong usage in one line, and accepts no abbreviated flag."""

    def __init__(self, program: str, description: str) -> None:
        super().__init__(prog=program, description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        self.exit(COULD_NOT_RUN, f"{self.prog}: {message}\n")


def add_pipeline_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that both commands take."""
    parser.add_argument(
        "-n",
        "--module-name",
        required=True,
        metavar="MODULE",
        help="module with a get_pipeline function, such as pipelines.abalone.pipeline",
    )
    parser.add_argument(
        "-kwargs",
        "--kwargs",
        metavar="DICT",
        help="keyword arguments of get_pipeline, as JSON or a Python literal",
    )
    parser.add_argument("-role-arn", "--role-arn", metavar="ARN", help="role of the pipeline")
    parser.add_argument("-description", "--description", metavar="TEXT")
    parser.add_argument(
        "-tags",
        "--tags",
        metavar="LIST",
        help='tags of the pipeline: [{"Key": "...", "Value": "..."}], as JSON or a Python literal',
    )


def read_kwargs(text: Optional[str]) -> dict[str, Any]:
    """The value of ``--kwargs``; raises InputError if it is not a dict with text keys."""
    value = {} if text is None else _literal("--kwargs", text)
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise InputError(f"--kwargs: a dict with text keys is expected, not {text!r}")
    return value


def read_tags(text: Optional[str]) -> list[dict[str, str]]:
    """The value of ``--tags``: a list of Key and Value, or a mapping of them.

    Raises InputError for anything else.
    """
    value = [] if text is None else _literal("--tags", text)
    if isinstance(value, dict):
        value = [{"Key": key, "Value": tag} for key, tag in value.items()]
    if not isinstance(value, list) or not all(_is_tag(item) for item in value):
        raise InputError(
            "--tags: a list of {'Key': text, 'Value': text}, or a mapping of texts, "
            f"is expected, not {text!r}"
        )
    return value


def _is_tag(item: object) -> bool:
    return (
        isinstance(item, dict)
        and set(item) == {"Key", "Value"}
        and all(isinstance(part, str) for part in item.values())
    )


def _literal(flag: str, text: str) -> Any:
    """JSON, or else a Python literal: data only, never an expression."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        shown = text if len(text) <= 80 else text[:77] + "..."
        raise InputError(f"{flag}: neither JSON nor a Python literal: {shown!r}") from None


def load_get_pipeline(module_name: str) -> Callable[..., Any]:
    """The module's get_pipeline; raises InputError if there is no such module or function."""
    function = getattr(_import(module_name), "get_pipeline", None)
    if not callable(function):
        raise InputError(f"{module_name}: has no get_pipeline function")
    found: Callable[..., Any] = function
    return found


def _import(module_name: str) -> ModuleType:
    if not all(part.isidentifier() for part in module_name.split(".")):
        raise InputError(f"{module_name!r} is not a module's name, such as pipelines.x.pipeline")
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        missing = error.name or str(error)
        if module_name == missing or module_name.startswith(missing + "."):
            raise InputError(f"{module_name}: no such module on the path") from None
        raise InputError(f"{module_name}: cannot be imported: {_what_failed(error)}") from None
    except (Exception, SystemExit) as error:
        raise InputError(f"{module_name}: cannot be imported: {_what_failed(error)}") from None


def call_get_pipeline(
    module_name: str, function: Callable[..., Any], kwargs: dict[str, Any]
) -> Any:
    """Call ``function``.

    Raises InputError for arguments that it does not take or that are missing, and if it fails.
    """
    signature = inspect.signature(function)
    names = ", ".join(signature.parameters)
    if unknown := [name for name in kwargs if not accepts(function, name)]:
        raise InputError(
            f"{module_name}: get_pipeline does not take {', '.join(unknown)}; it takes {names}"
        )
    try:
        signature.bind(**kwargs)
    except TypeError as error:
        raise InputError(f"{module_name}: get_pipeline: {error}; it takes {names}") from None
    try:
        return function(**kwargs)
    except (InputError, AwsError):
        raise
    except Exception as error:
        raise InputError(f"{module_name}: get_pipeline failed: {_what_failed(error)}") from None


def accepts(function: Callable[..., Any], name: str) -> bool:
    """Whether ``function`` takes a keyword argument called ``name``."""
    parameters = inspect.signature(function).parameters
    if any(item.kind is inspect.Parameter.VAR_KEYWORD for item in parameters.values()):
        return True
    found = parameters.get(name)
    return found is not None and found.kind in (
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    )


def serialised(module_name: str, pipeline: Any) -> bytes:
    """The pipeline's definition, serialised once; raises InputError if it is not JSON text."""
    try:
        text = pipeline.definition()
        json.loads(text)
    except (InputError, AwsError):
        raise
    except Exception as error:
        raise InputError(f"{module_name}: definition() failed: {_what_failed(error)}") from None
    return str(text).encode("utf-8")


def _what_failed(error: BaseException) -> str:
    """One line: the exception, and the file and line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}{where}"


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep what the SDK and the pipeline's module print and log away from standard output.

    The SDK also sets up logging for the whole process; what it set up is undone.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        logging.disable(logging.NOTSET)
        root.handlers[:] = handlers
        root.setLevel(level)


def run(program: str, main: Callable[[], int]) -> int:
    """``main``'s exit code, or 2 with one line on standard error if it could not run."""
    try:
        return main()
    except (InputError, AwsError) as error:
        print(f"{program}: {' '.join(str(error).split())}", file=sys.stderr)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        print(f"{program}: interrupted", file=sys.stderr)
        return COULD_NOT_RUN
    except Exception as error:  # a traceback would exit with 1, which means findings
        print(f"{program}: internal error: {_what_failed(error)}", file=sys.stderr)
        return COULD_NOT_RUN
