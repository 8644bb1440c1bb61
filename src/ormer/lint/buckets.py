"""LNT-13: buckets named by a wildcard, which may be somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.facts.iam_actions import Action
from ormer.lint.bench import Bench
from ormer.lint.called import actions
from ormer.lint.document import At
from ormer.lint.rules import BUCKET
from ormer.lint.samples import FOREIGN_ACCOUNT, FOREIGN_ORGANISATION, Value, texts
from ormer.lint.wish import Wish
from ormer.model.definition import Place
from ormer.model.lint import Attached, LintFinding
from ormer.model.policy import Effect

_S3 = "arn:aws:s3:::"


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every such bucket of an Allow, of an identity or of an endpoint."""
    if bench.document.attached not in (Attached.IDENTITY, Attached.ENDPOINT):
        return
    for at in bench.of(Effect.ALLOW):
        if at.statement.not_resource or at.statement.not_action:
            continue
        for pattern, place in _patterns(at):
            if _is_wild(pattern, bench.document.attached):
                found = _finding(bench, at, pattern, place)
                if found is not None:
                    yield found
                    break


def _patterns(at: At) -> Iterator[tuple[str, Place]]:
    written = at.body["Resource"]
    for index, pattern in enumerate(at.statement.resources or ()):
        yield pattern, (*at.place, "Resource", *((index,) if isinstance(written, list) else ()))


def _is_wild(pattern: str, attached: Attached) -> bool:
    """A name with a wildcard in it; for an endpoint, where every bucket is reached, any name."""
    everything = attached is Attached.ENDPOINT
    if not pattern.strip("*"):
        return everything
    if not pattern.startswith(_S3):
        return False
    name = pattern.removeprefix(_S3).partition("/")[0]
    wild = "*" in name or "?" in name
    return wild and (everything or bool(name.strip("*")))


def _finding(bench: Bench, at: At, pattern: str, place: Place) -> LintFinding | None:
    named = _S3 + "look-alike" if not pattern.strip("*") else pattern
    about = tuple(each for each in actions(at.statement) if _reaches(each))
    tried = tuple(
        resource
        for text in texts(named, bench.version, {})
        for resource in (text, f"{text}/example")
        if any(resource.count("/") == arn.count("/") for each in about for arn in each.arns)
    )
    if not about or not tried:
        return None
    forced: dict[str, tuple[Value, ...]] = {
        "aws:resourceaccount": (FOREIGN_ACCOUNT,),
        "s3:resourceaccount": (FOREIGN_ACCOUNT,),
        "aws:resourceorgid": (FOREIGN_ORGANISATION,),
        "aws:resourceorgpaths": ((f"{FOREIGN_ORGANISATION}/r-0f0f/",),),
    }
    witness = None
    for each in about:
        fit = tuple(text for text in tried if _fits(text, each.arns))
        wish = Wish(at.statement, bench.version, forced, (each,), fit, abroad=True)
        witness = witness or bench.let_in(at, wish)
    if witness is None:
        return None
    message = f"{pattern} takes in buckets of other accounts"
    return bench.finding(BUCKET, at, place, message, witness)


def _reaches(about: Action) -> bool:
    """Whether the action is about a bucket that is there already."""
    return about.name.startswith("s3:") and about.name != "s3:CreateBucket"


def _fits(resource: str, arns: tuple[str, ...]) -> bool:
    slash = "/" in resource
    return any(arn.startswith("arn:*:s3:::") and ("/" in arn) is slash for arn in arns)
