"""The ``ormer`` command: verbs, exit codes, and nothing else.

Exit codes: 0 nothing wrong; 1 findings; 2 it could not run, with one line on standard
error that says what and where.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn, Optional

from ormer import __version__
from ormer.model.errors import AwsError, InputError
from ormer.model.value import printable

VERBS = {
    "check": "check pipeline definitions against the controls",
    "explain": "print a control: what it forbids, why, and what to write instead",
    "upsert": "the gate: check a definition, then create or update the pipeline with these bytes",
    "guardrails": "make IAM policies, a boundary or SCPs that deny what the controls forbid",
    "decide": "decide requests against policies as IAM would: JSON lines in, JSON lines out",
    "access": "write an access file, who may call what, or say what one holds",
    "prove": "prove that policies allow no request that a control forbids, or show one",
    "matrix": "show which layer of the policies prevents what, alone and all together",
    "lint": "find what is wrong with policies, each with a request that shows it",
    "compare": "two sets of policies: what does the new one allow that the old one did not?",
    "reach": "who can do something, and under which conditions",
    "init": "write a profile and ormer.toml, from a live project or from what definitions use",
}
COULD_NOT_RUN = 2


class _Formatter(argparse.HelpFormatter):
    """Asks for the terminal's width when help is printed, and not for every option."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)

    def format_help(self) -> str:
        from shutil import get_terminal_size  # late: it brings every archive format

        self._width = get_terminal_size().columns - 2
        return super().format_help()


class _Parser(argparse.ArgumentParser):
    def __init__(self, **told: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, **told})

    def error(self, message: str) -> NoReturn:
        line = " ".join(message.split())
        self.exit(COULD_NOT_RUN, f"{self.prog}: error: {line} (see {self.prog} --help)\n")


def parser(only: Optional[str] = None) -> argparse.ArgumentParser:
    """The command's parser; ``only`` builds one verb's options and leaves the others bare."""
    made = _Parser(prog="ormer", description="Policy as code for Amazon SageMaker pipelines.")
    made.add_argument("--version", action="version", version=f"ormer {__version__}")
    verbs = made.add_subparsers(metavar="VERB", dest="verb", required=True, parser_class=_Parser)
    for name, text in VERBS.items():
        if only in (None, name):
            import_module(f"ormer.cli.{name}").add_parser(verbs, text)
        else:
            verbs.add_parser(name, help=text)
    return made


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one verb and return the exit code. Never raises for what a user can cause."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    verb = next((word for word in arguments if word in VERBS), None)
    try:
        options = parser(verb).parse_args(arguments)
        code: int = import_module(f"ormer.cli.{options.verb}").run(options)
        if sys.stdout is not None:  # it may be closed
            sys.stdout.flush()
        return code
    except (InputError, AwsError) as error:
        return _stop(str(error))
    except OSError as error:
        _abandon_output()
        return COULD_NOT_RUN if isinstance(error, BrokenPipeError) else _stop(_reason(error))
    except KeyboardInterrupt:
        return _stop("interrupted")
    except SystemExit:
        raise
    except Exception as error:
        if os.environ.get("ORMER_DEBUG"):
            raise
        name = type(error).__name__
        return _stop(f"internal error: {name}: {error} (set ORMER_DEBUG=1 for the traceback)")


def _abandon_output() -> None:
    """Nothing more can be written: Python must not try again when it ends."""
    with suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reason(error: OSError) -> str:
    return f"{error.filename or 'standard output'}: {error.strerror or error}"


def _stop(message: str) -> int:
    with suppress(OSError, AttributeError, ValueError):  # standard error may be closed
        sys.stderr.write(f"ormer: error: {printable(message)}\n")
        sys.stderr.flush()
    return COULD_NOT_RUN


def entry() -> None:
    """The console script."""
    gc.disable()  # a twentieth of a check's time; what waits for long switches it on again
    _leave(main())


def _leave(code: int) -> NoReturn:
    """End the process without taking every object apart, which is a tenth of a check's time.

    A process that may have threads or handlers of ``atexit`` (both come with ``threading``)
    ends as usual.
    """
    if "threading" in sys.modules:
        sys.exit(code)
    with suppress(OSError, AttributeError, ValueError):  # they may be closed
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
