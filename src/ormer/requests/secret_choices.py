"""The texts that a text with free parts may become: defaults, enums, the items of a loop."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.definition import Definition
from ormer.model.symbol import readable
from ormer.model.value import CALLER, DEPLOY, Free
from ormer.requests.secret_names import is_sensitive

_KEPT = ("resolve:secretsmanager:", "resolve:ssm-secure:")
_RUN = "${run}"
"""Stands for what only the run decides, written like the reference to a variable."""


def choices_of(part: Free, definition: Definition) -> list[str]:
    """The texts that a free part is known to be able to be, its default first."""
    parameter = definition.parameters.get(part.name)
    if part.source != CALLER or parameter is None:
        return list(part.choices or ())
    values = (parameter.default, *(parameter.choices or ()))
    return [str(value) for value in values if type(value) in (str, int, float) and value != ""]


def wholes(parts: tuple[str | Free, ...], definition: Definition) -> Iterator[str]:
    """The text with the defaults put in, then with each other choice of each part.

    Not with every choice of one part beside every choice of another: these are too many.
    """
    free = {part.name: part for part in parts if not isinstance(part, str)}
    known = {name: choices_of(part, definition) or [_RUN] for name, part in free.items()}
    choices = [[part] if isinstance(part, str) else known[part.name] for part in parts]
    first = [texts[0] for texts in choices]
    yield "".join(first)
    for at, texts in enumerate(choices):
        before, after = "".join(first[:at]), "".join(first[at + 1 :])
        for text in texts[1:]:
            yield before + text + after


def deployed_parts(part: Free, definition: Definition) -> list[Free]:
    """What the deployment decides of a part: all of it, or pieces of a parameter's default."""
    if part.source == DEPLOY:
        return [part]
    texts = choices_of(part, definition) if definition.deployed and part.source == CALLER else []
    names = sorted(map(readable, definition.deployed)) if texts else []
    return [Free(name, DEPLOY) for name in names if any(name in text for text in texts)]


def may_be_secret(name: str, part: Free) -> bool:
    """Whether what a deployment puts under ``name`` may be a secret: a name says so, or the part
    is taken from where secrets are kept.

    Source: "Get values stored in other services using dynamic references" in the AWS
    CloudFormation User Guide.
    """
    own = part.name.removeprefix("${").removesuffix("}")
    return own.startswith(_KEPT) or is_sensitive(name) or is_sensitive(own)


def own_name(part: Free) -> str:
    """A parameter's name, or that of the member that is taken of an item."""
    return part.name.partition(" of ")[0].rpartition(".")[2]
