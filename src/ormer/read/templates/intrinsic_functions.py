"""The intrinsic functions that make one value of others, each a function of its operands.

Source: "Intrinsic function reference" in the AWS CloudFormation Template Reference Guide.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from ormer.model.definition import Place
from ormer.model.symbol import has_symbol
from ormer.read.templates.names import Names


class Call(NamedTuple):
    """A call of a function: its name, its resolved operands, its place, and the template."""

    function: str
    operands: Any
    place: Place
    names: Names

    def refuse(self, why: str) -> NoReturn:
        """Raise InputError about the call."""
        self.names.text.refuse(self.place, f"{self.function} {why}")

    def open(self, *words: Any) -> Any:
        """The symbol of what only the deployment knows."""
        return self.names.open(self.function.removeprefix("Fn::"), *words)

    def listed(self, least: int, most: int, what: str) -> list[Any]:
        """The operands as a list of so many."""
        if not isinstance(self.operands, list) or not least <= len(self.operands) <= most:
            self.refuse(f"takes {what}")
        return self.operands

    def text(self, value: Any) -> str:
        """A value as text: CloudFormation takes numbers and booleans for texts."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, (str, int, float)):
            self.refuse("needs a text where there is a structure or nothing")
        return str(value)


def join(call: Call) -> Any:
    """``[delimiter, [value, ...]]``."""
    between, values = call.listed(2, 2, "a delimiter and a list of values")
    if isinstance(values, str) and has_symbol(values):
        return call.open(between, values)
    if not isinstance(values, list):
        call.refuse("takes a delimiter and a list of values")
    return call.text(between).join(call.text(value) for value in values)


def split(call: Call) -> Any:
    """``[delimiter, text]``: a list."""
    between, text = (call.text(one) for one in call.listed(2, 2, "a delimiter and a text"))
    if not between:
        call.refuse("has no delimiter")
    return call.open(between, text) if has_symbol(text) else text.split(between)


def select(call: Call) -> Any:
    """``[index, list]``."""
    index, values = call.listed(2, 2, "an index and a list")
    index = call.text(index)
    if has_symbol(index) or (isinstance(values, str) and has_symbol(values)):
        return call.open(index, values)
    if not isinstance(values, list):
        call.refuse("takes an index and a list")
    if not index.isascii() or not index.isdigit() or int(index[:9]) >= len(values):
        call.refuse(f"of {index}: the list has {len(values)} values, counted from 0")
    return values[int(index)]


def find_in_map(call: Call) -> Any:
    """``[map, key, key]``, and ``{DefaultValue: ...}`` behind them."""
    operands = call.listed(3, 4, "a map and two keys")
    keys = [call.text(one) for one in operands[:3]]
    extra = operands[3] if len(operands) == 4 else {}
    has_default = isinstance(extra, dict) and "DefaultValue" in extra
    found: Any = call.names.section("Mappings")
    for depth, key in enumerate(keys):
        if has_symbol(key):
            return call.open(".".join(keys))
        below = found.get(key) if isinstance(found, dict) else None
        if below is None and has_default:
            return extra["DefaultValue"]
        if below is None:
            what = "map" if depth == 0 else "key"
            call.refuse(f"of {'.'.join(keys[: depth + 1])}: there is no such {what} in Mappings")
        found = below
    return found


def to_json_string(call: Call) -> str:
    """Anything as JSON; a part that is not known may turn out to be more than a text."""
    if not isinstance(call.operands, (dict, list)):
        call.refuse("takes an object or a list")
    return json.dumps(call.operands, ensure_ascii=False, separators=(",", ":"))


def length(call: Call) -> Any:
    """How many elements a list has."""
    if isinstance(call.operands, str) and has_symbol(call.operands):
        return call.open(call.operands)
    if not isinstance(call.operands, list):
        call.refuse("takes a list")
    return len(call.operands)


def encode(call: Call) -> Any:
    """Base64 of a text."""
    text = call.text(call.operands)
    if has_symbol(text):
        return call.open(text)
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


def imported(call: Call) -> Any:
    """An output of another stack: only the account knows it."""
    return call.open(call.text(call.operands))


def unknown(call: Call) -> Any:
    """What only AWS can tell: the zones of a region, the blocks of a network."""
    return call.open(json.dumps(call.operands, ensure_ascii=False, default=str))


CALLS: dict[str, Callable[[Call], Any]] = {
    "Fn::Base64": encode,
    "Fn::Cidr": unknown,
    "Fn::FindInMap": find_in_map,
    "Fn::GetAZs": unknown,
    "Fn::ImportValue": imported,
    "Fn::Join": join,
    "Fn::Length": length,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::ToJsonString": to_json_string,
}
"""Functions of operands that are resolved before the call."""
