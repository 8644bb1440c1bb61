"""The arguments of an EMR step's command: which are code or a place, and which neither.

Options come first, then the application, then what the application is told. Sources: "Run
commands and scripts on an Amazon EMR cluster" in the Amazon EMR Release Guide; for
spark-submit, "Submitting Applications" and "Spark Configuration" of the Spark documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Optional

from ormer.requests.open_texts import MARK, Reading, Text

Argument = Optional[tuple[Text, ...]]
"""The texts that an argument may be, or None where they cannot be told."""

_SPARK_SUBMIT = r"(?:.*/)?spark-submit"
_LOADS = r"--?(?:jars|py-files|files|archives|libjars|packages|repositories)"
_CONF = r"--conf|-c"
_NO_PLACE = (  # options of spark-submit whose value is a name or a size
    r"--(?:num-executors|(?:total-)?executor-cores|executor-memory|driver-cores|driver-memory"
    r"|name|class|master|deploy-mode|queue)"
)
_NO_VALUE = r"--(?:verbose|supervise|version|help|usage-error)|-[vh]"
_LOADING_PROPERTY = (
    r"(?i)(?:^|\.)(?:tmp)?(?:jars?|py_?files|files?|archives?|packages|repositories|ivy\w*)(?:\.|$)"
)
_PLACE_PROPERTY = r"(?i)(?:dir|directory|path|ur[il]s?|location|endpoint|options|image)$"


def property_reading(name: str) -> Reading:
    """How the value of a property of Spark or Hadoop is read, by the property's name."""
    if re.search(_LOADING_PROPERTY, name) or re.search(MARK, name):
        return Reading.LIST
    return Reading.PLACE if re.search(_PLACE_PROPERTY, name) else Reading.SHOWN


def argument_readings(arguments: Sequence[Argument]) -> Iterator[Reading]:
    """How each argument is read. What may be an option is taken for one, which is stricter."""
    is_spark = bool(arguments) and _is(arguments[0], _SPARK_SUBMIT)
    option: Optional[str] = None  # whose value comes next
    for at, argument in enumerate(arguments):
        if option is not None:
            yield _value_reading(option, argument, is_spark)
            option = None
        elif argument is None or _may_be_option(argument):
            option, reading = _option(argument, is_spark)
            yield reading
        else:
            yield Reading.CODE if is_spark else Reading.PLACE
            if (is_spark and at) or _is(argument, r"(?i)s3[an]?://.*"):  # the application
                yield from (Reading.SHOWN for _ in arguments[at + 1 :])
                return


def _is(argument: Argument, pattern: str) -> bool:
    return argument is not None and all(re.fullmatch(pattern, a.text, re.S) for a in argument)


def _may_be_option(argument: tuple[Text, ...]) -> bool:
    return any(a.text.startswith("-") for a in argument)


def _option(argument: Argument, is_spark: bool) -> tuple[Optional[str], Reading]:
    """The option whose value comes next, if one does, and how the argument itself is read."""
    if argument is None or len(argument) > 1:
        return "", Reading.LIST
    name, assigned, value = argument[0].text.partition("=")
    if re.search(MARK, name):
        return "", Reading.LIST
    if assigned:
        return None, _value_reading(name, (argument[0]._replace(text=value),), is_spark)
    is_switch = is_spark and re.fullmatch(_NO_VALUE, name)
    return None if is_switch else name, Reading.SHOWN


def _value_reading(option: str, value: Argument, is_spark: bool) -> Reading:
    if is_spark and re.fullmatch(_CONF, option) and value is not None:
        return max(_conf_reading(text.text) for text in value)
    if is_spark and re.fullmatch(_NO_PLACE, option):
        return Reading.SHOWN
    return Reading.LIST if not option or re.fullmatch(_LOADS, option) else Reading.PLACE


def _conf_reading(text: str) -> Reading:
    """How ``key=value`` is read: by its key."""
    name, assigned, _ = text.partition("=")
    return property_reading(name) if assigned else Reading.LIST
