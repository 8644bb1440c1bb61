"""References in a definition -> values: parameters, other steps' settings, joins.

Source: "Pipeline definition JSON schema" and "Pass data between steps" in the Amazon
SageMaker AI Developer Guide. A parameter is what any caller of StartPipelineExecution
may pass, so its default decides nothing. What another step is given (its outputs, its
output path) is known before the run; what it makes is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Optional

from ormer.facts.step_types import STEP_TYPES
from ormer.model.definition import Definition, Step
from ormer.model.symbol import readable
from ormer.model.value import CALLER, DEPLOY, ITEM, RUN, Expression, Free, Opaque, Value, join

REFERENCE_FORMS = ("Get", "Std:Join", "Std:JsonGet")
_LONGEST_CHAIN = 32
_MOST_PIECES = 1024
_LONGEST_TEXT = 65_536
_TOKEN = r"\.?([A-Za-z0-9_:-]+)|\[(\d+)\]|\['([^']*)'\]|\[\"([^\"]*)\"\]"

Token = str | int | tuple[str]
"""A member name, a list index, or (key,) for ``['key']``."""


def is_reference(node: Any) -> bool:
    """Whether a JSON value stands for another value."""
    if type(node) is not dict or len(node) != 1:
        return False
    key: str = next(iter(node))
    return key == "Get" or key.startswith("Std:")


class Resolver:
    """Resolves the references of one definition.

    ``home`` is how the ARNs of SageMaker resources of the own account and region begin, or
    empty where they are not known. ``kept`` is for what others remember of the definition, by
    its type.
    """

    def __init__(self, definition: Definition, home: str = "") -> None:
        self.definition = definition
        self.home = home
        self._resolved: dict[int, Any] = {}
        self._by_path: dict[str, Any] = {}
        self._of_loop: dict[str, Value] = {}
        self.kept: dict[type, Any] = {}

    def resolve(self, node: Any, step: Step, chain: int = 0) -> Any:
        """The value of ``node`` as it stands in ``step``.

        Literals, lists and structures come back as they are (their inner references
        unresolved); a reference becomes a literal, an Expression, an Opaque or the
        structure it refers to.
        """
        if type(node) is not dict or not is_reference(node):
            return node
        found = self._resolved.get(id(node))  # the definition keeps every node alive
        if found is None:
            found = self._resolve(node, step, chain)
            if chain == 0:
                self._resolved[id(node)] = found
        return found

    def _resolve(self, node: Any, step: Step, chain: int) -> Any:
        if chain > _LONGEST_CHAIN:
            return Opaque("a reference that leads back to itself")
        ((form, argument),) = node.items()
        if form == "Get" and isinstance(argument, str):
            found = self._by_path.get(argument)
            if found is None:
                found = self._get(argument, step, chain + 1)
                if not isinstance(found, Opaque) and not argument.startswith("ForEach"):
                    self._by_path[argument] = found
            return found
        if form == "Std:Join" and isinstance(argument, dict):
            return self._join(argument, step, chain + 1)
        if form == "Std:JsonGet":
            return Expression((Free("Std:JsonGet", RUN),))
        return Opaque(f"{form} is not a form of reference that is known")

    def _get(self, path: str, step: Step, chain: int) -> Any:
        root, _, rest = path.partition(".")
        if root == "Parameters":
            return self._parameter(rest)
        if root == "Steps":
            return self._property(path, rest, chain)
        if root in ("Execution", "IterationOutput"):
            return Expression((Free(path, RUN),))
        if root == "PipelineExperimentConfig":
            config = self.definition.body.get(root)
            found = config.get(rest) if isinstance(config, dict) else None
            return (
                Expression((Free(path, RUN),))
                if found is None
                else self.resolve(found, step, chain)
            )
        if root == "ForEach":
            return self._current_item(path, step, chain)
        if path in self.definition.deployed:
            return Expression((Free(readable(path), DEPLOY),))
        return Opaque(f"{path} refers to nothing that is known")

    def _parameter(self, name: str) -> Value:
        parameter = self.definition.parameters.get(name)
        if parameter is None:
            return Opaque(f"parameter {name!r} is not defined")
        choices = parameter.choices
        if parameter.type == "Boolean":
            choices = ("true", "false")
        elif choices and (parameter.type != "String" or {type(c) for c in choices} != {str}):
            choices = None  # the service knows an enum of texts only
        return Expression((Free(name, CALLER, parameter.type, choices),))

    def _property(self, path: str, rest: str, chain: int) -> Any:
        name, _, _ = rest.partition(".")
        name = name.partition("[")[0]
        target = self.definition.by_name.get(name)
        if target is None:
            return Opaque(f"step {name!r} does not exist")
        tokens = tokens_of(rest[len(name) :])
        if target.type == "ForEach":
            return self._iteration(path, target, tokens, chain)
        return self._output(path, target, tokens, chain)

    def _iteration(self, path: str, loop: Step, tokens: tuple[Token, ...], chain: int) -> Any:
        """``Selected.X`` and ``IterationOutputs[i].STEP.X`` of a ForEach step's body."""
        body: Optional[Step] = None
        if tokens[:1] == ("Selected",):
            selector = loop.arguments.get("Selector")
            field = selector.get("Field") if isinstance(selector, dict) else None
            compared = str(field.get("Get", "")) if isinstance(field, dict) else ""
            body = self.definition.by_name.get(compared.partition(".")[2].partition(".")[0])
            tokens = tokens[1:]
        elif tokens[:1] == ("IterationOutputs",) and len(tokens) > 2:
            body = self.definition.by_name.get(str(tokens[2]))
            tokens = tokens[3:]
        if body is None or body.parent != loop.name:
            return Expression((Free(path, RUN),))
        return self._output(path, body, tokens, chain)

    def _output(self, path: str, target: Step, tokens: tuple[Token, ...], chain: int) -> Any:
        if not _describes_its_input(target.type) or tokens[:1] == ("OutputParameters",):
            return Expression((Free(path, RUN),))
        found = self._walk(target.arguments, tokens, target, chain)
        if isinstance(found, (dict, list)):
            return Opaque(f"{path} is a whole structure of another step")
        if found is not None:
            return found
        made = _MADE.get((target.type, tokens[0] if tokens else ""))
        return made(self, path, target, chain) if made else Expression((Free(path, RUN),))

    def _walk(self, node: Any, tokens: tuple[Token, ...], step: Step, chain: int) -> Any:
        """The value at ``tokens`` below ``node``, or None if it is not fixed there."""
        for token in tokens:
            if type(node) is dict and len(node) == 1:
                node = self.resolve(node, step, chain)
            if isinstance(token, str):
                node = node.get(token) if isinstance(node, dict) else None
            elif isinstance(token, int):
                node = node[token] if isinstance(node, list) and token < len(node) else None
            else:
                node = _named(node, token[0])
            if node is None:
                return None
        return self.resolve(node, step, chain)

    def _model_artifacts(self, path: str, target: Step, chain: int) -> Value:
        if not path.endswith(".ModelArtifacts.S3ModelArtifacts"):
            return Expression((Free(path, RUN),))
        output = self._walk(target.arguments, ("OutputDataConfig", "S3OutputPath"), target, chain)
        prefix = parts_of(output)
        if prefix is None:
            return Expression((Free(path, RUN),))
        return join([*prefix, "/", Free(f"{target.name}'s job name", RUN), "/output/model.tar.gz"])

    def _model_package(self, path: str, target: Step, chain: int) -> Value:
        """The ARN of the package that a RegisterModel step makes, if it is of this account."""
        group = self._walk(target.arguments, ("ModelPackageGroupName",), target, chain)
        is_own = isinstance(group, str) and ":" not in group
        if not self.home or not is_own:
            return Expression((Free(path, RUN),))
        return join([f"{self.home}model-package/", Free(path, RUN)])

    def _calculated(self, path: str, target: Step, chain: int) -> Value:
        """A baseline that a check step calculates is a file in its only output."""
        outputs = self._walk(target.arguments, ("ProcessingOutputConfig", "Outputs"), target, chain)
        if not isinstance(outputs, list) or len(outputs) != 1:
            return Expression((Free(path, RUN),))
        prefix = parts_of(self._walk(outputs[0], ("S3Output", "S3Uri"), target, chain))
        if prefix is None:
            return Expression((Free(path, RUN),))
        return join([*prefix, "/", Free(path, RUN)])

    def _supplied(self, path: str, target: Step, chain: int) -> Any:
        """The baseline that a check step compares with: the supplied one, if there is one."""
        kind = path.rpartition("BaselineUsedForDriftCheck")[2]
        supplied = target.body.get(f"SuppliedBaseline{kind}")
        if not supplied:
            return Expression((Free(path, RUN),))
        return self.resolve(supplied, target, chain)

    def _join(self, argument: dict[str, Any], step: Step, chain: int) -> Value:
        separator = parts_of(self.resolve(argument.get("On", ""), step, chain))
        values = argument.get("Values")
        if separator is None or not isinstance(values, list):
            return Opaque("Std:Join without On and a list of Values")
        parts: list[str | Free] = []
        for index, value in enumerate(values):
            resolved = parts_of(self.resolve(value, step, chain))
            if resolved is None:
                return Opaque("Std:Join of something that is not text")
            if index:
                parts += separator
            parts += resolved
            if len(parts) > _MOST_PIECES or len(resolved[0]) > _LONGEST_TEXT:
                return Opaque("Std:Join of something far too long")
        return join(parts)

    def _current_item(self, path: str, step: Step, chain: int) -> Value:
        loop = self._loop_around(step)
        tokens = tokens_of(path)
        if tokens[:2] != ("ForEach", "CurrentItem"):
            return Opaque(f"{path} refers to nothing that is known")
        if loop is None:
            return Opaque(f"{path} outside a ForEach step")
        name = f"{path} of {loop.name}"
        if name not in self._of_loop:  # every job in the loop asks for the same
            self._of_loop[name] = self._of_items(name, loop, tokens, chain)
        return self._of_loop[name]

    def _of_items(self, name: str, loop: Step, tokens: tuple[Token, ...], chain: int) -> Value:
        """What the items of a loop are at the tokens, as one value with a choice for each."""
        items = list(self._items(loop, chain))
        choices = [_drill(item, tokens[2:]) for item in items]
        if items and all(choice is not None for choice in choices):
            return Expression((Free(name, ITEM, "String", tuple(str(c) for c in choices)),))
        sources = {part.source for part in items if isinstance(part, Free)}
        return Expression((Free(name, CALLER if sources == {CALLER} else RUN),))

    def _loop_around(self, step: Step) -> Optional[Step]:
        parent = self.definition.by_name.get(step.parent)
        while parent is not None and parent.type != "ForEach":
            parent = self.definition.by_name.get(parent.parent)
        return parent

    def _items(self, loop: Step, chain: int) -> Iterator[str | Free]:
        """Each item as text, or a Free part where it is not fixed."""
        items = self.resolve(loop.arguments.get("IterableItems"), loop, chain)
        for item in items if isinstance(items, list) else [items]:
            parts = parts_of(self.resolve(item, loop, chain)) or [Free("item", RUN)]
            fixed = isinstance(items, list) and len(parts) == 1 and isinstance(parts[0], str)
            yield (
                parts[0]
                if fixed
                else next((p for p in parts if isinstance(p, Free)), Free("item", RUN))
            )


_CHECKS = ("QualityCheck", "ClarifyCheck")
_MADE: dict[tuple[str, Token], Callable[[Resolver, str, Step, int], Any]] = {
    ("Training", "ModelArtifacts"): Resolver._model_artifacts,
    ("RegisterModel", "ModelPackageArn"): Resolver._model_package,
    **{
        (check, f"CalculatedBaseline{kind}"): Resolver._calculated
        for check in _CHECKS
        for kind in ("Statistics", "Constraints")
    },
    **{
        (check, f"BaselineUsedForDriftCheck{kind}"): Resolver._supplied
        for check in _CHECKS
        for kind in ("Statistics", "Constraints")
    },
}
"""What is known of an output that no step is given, by step type and member."""


def _describes_its_input(step_type: str) -> bool:
    """Whether what a step is given is also what it says of itself when it is asked later.

    It is where Arguments are the input of a SageMaker API, whose Describe call returns them; a
    function returns what it likes.
    """
    known = STEP_TYPES.get(step_type)
    return known is not None and known.action.startswith("sagemaker:") and step_type != "Job"


@lru_cache(maxsize=4096)
def tokens_of(path: str) -> tuple[Token, ...]:
    """``.A['b'][0]`` as ``("A", ("b",), 0)``."""
    found: list[Token] = []
    for member, index, key, other in re.findall(_TOKEN, path):
        found.append(member or (int(index) if index else (key or other,)))
    return tuple(found)


def parts_of(value: Any) -> Optional[list[str | Free]]:
    """A scalar's parts for joining, or None for a structure or an unknown."""
    if type(value) is str:
        return [value]
    if isinstance(value, Expression):
        return list(value.parts)
    if isinstance(value, (str, bool, int, float)):
        return [_text(value)]
    return None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _named(node: Any, key: str) -> Any:
    """The entry ``key`` of a map, or the list element whose name is ``key``."""
    if isinstance(node, dict):
        return node.get(key)
    for element in node if isinstance(node, list) else ():
        for member, value in element.items() if isinstance(element, dict) else ():
            if value == key and member.endswith("Name"):
                return element
    return None


def _drill(item: str | Free, tokens: tuple[Token, ...]) -> Optional[str]:
    if isinstance(item, Free):
        return None
    if not tokens:
        return item
    try:
        node: Any = json.loads(item)
    except (ValueError, RecursionError):
        return None
    for token in tokens:
        name = token[0] if isinstance(token, tuple) else token
        if isinstance(node, dict):
            node = node.get(name)
        else:
            node = (
                node[name]
                if isinstance(node, list) and isinstance(name, int) and name < len(node)
                else None
            )
    return _text(node) if isinstance(node, (str, int, float)) else None
