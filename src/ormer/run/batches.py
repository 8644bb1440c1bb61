"""What is checked against what: as the command line says, or as ``ormer.toml`` does.

Where ``--environment`` is given, the command line says everything and ``ormer.toml`` is not
read. Where it is not, ``ormer.toml`` gives the profiles; what the command line names
(definitions, waivers, controls) replaces what the file says.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Optional

from ormer.model.errors import InputError
from ormer.run.targets import expanded, name_of, real, split, stem_of
from ormer.sources.files import read_bytes

if TYPE_CHECKING:  # a check with --environment reads no project file
    from ormer.model.project_file import Profile, ProjectFile

FILE = "ormer.toml"
NO_ACCESS = "--prove needs an access file: --access, or access in ormer.toml"
_OPTIONS = ("environment", "project", "profile", "waivers", "controls", "changed_since", "access")


class Asked(NamedTuple):
    """What a command line gives. ``by_name``: names decide, so two of one name are refused.

    ``parameter_files`` and ``parameters`` (each ``NAME=VALUE``) are the values for templates.
    ``prove``: what is predicted is proved, too.
    """

    targets: Sequence[str] = ()
    environment: Optional[str] = None
    project: Optional[str] = None
    profile: Optional[str] = None
    waivers: Optional[str] = None
    controls: Optional[str] = None
    changed_since: Optional[str] = None
    by_name: bool = False
    parameter_files: Sequence[str] = ()
    parameters: Sequence[str] = ()
    access: Optional[str] = None
    prove: bool = False


class Target(NamedTuple):
    """A definition to check, and the name of its pipeline.

    ``path`` is a file, or a file and what is meant in it (``template.yaml#Train``);
    ``is_named``: ``ormer.toml`` gives the name, so what the file says does not count.
    """

    path: str
    pipeline: str
    is_named: bool = False

    @property
    def file(self) -> str:
        """The file that the definition is, or is in."""
        return split(self.path)[0]


class Batch(NamedTuple):
    """The definitions that are checked against one profile.

    ``profile`` is its name in ``ormer.toml``, empty where it has none; ``unchanged`` counts
    the definitions that ``--changed-since`` left out; ``project`` is the file that said so;
    ``is_whole``: these are all that it names; ``names_decide``: two pipelines of one name are
    refused; ``parameter_files`` and ``parameters`` are the values for templates.
    """

    profile: str
    environment: str
    targets: tuple[Target, ...]
    waivers: Optional[str]
    controls: Optional[str]
    project: str = ""
    unchanged: int = 0
    is_whole: bool = False
    names_decide: bool = True
    parameter_files: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    access: Optional[str] = None
    prove: bool = False

    def inputs(self) -> Iterator[str]:
        """Every file that is read for it, the folder of controls left out."""
        yield from (target.file for target in self.targets)
        yield from self.parameter_files
        others = (self.environment, self.waivers, self.project, self.access)
        yield from (path for path in others if path)


def batches(asked: Asked) -> list[Batch]:
    """The batches that are asked for.

    Raises InputError where nothing says what to check against what, for a glob that matches
    nothing, for a profile that is not in the file, and where two pipelines of one batch have
    one name and names decide.
    """
    for option in _OPTIONS:
        if getattr(asked, option) == "":
            raise InputError(f"--{option.replace('_', '-')} is empty")
    if "" in asked.parameter_files:
        raise InputError("--template-parameters is empty")
    environment = asked.environment
    found = _from_command(asked, environment) if environment else list(_from_file(asked))
    return found


def only_changed(found: Iterable[Batch], revision: str) -> list[Batch]:
    """The batches without what is as it was at a git revision, and so is all that decides it."""
    return [_changed(batch, revision) for batch in found]


def profile_of(
    environment: Optional[str], project: Optional[str], profile: Optional[str]
) -> Profile:
    """The one profile that a command without definitions of the file's works with.

    Raises InputError where the file has several and none is named.
    """
    for option, value in (("--environment", environment), ("--profile", profile)):
        if value == "":
            raise InputError(f"{option} is empty")
    if environment:
        from ormer.model.project_file import Profile

        _refuse_profile(project, profile)
        return Profile("", environment, ())
    file = _file(project)
    chosen = _named(file, profile)
    if len(chosen) > 1:
        names = ", ".join(one.name for one in chosen)
        raise InputError(f"{file.path}: --profile is missing: one of {names}")
    return chosen[0]


def _from_command(asked: Asked, environment: str) -> list[Batch]:
    _refuse_profile(asked.project, asked.profile)
    if not asked.targets:
        raise InputError("--environment without TARGET: which definitions?")
    by_name = asked.by_name or asked.waivers is not None
    targets = _targets(expanded(asked.targets), by_name)
    batch = Batch("", environment, targets, asked.waivers, asked.controls, names_decide=by_name)
    batch = batch._replace(access=asked.access, prove=asked.prove)
    return [_with_parameters(batch, asked, None)]


def _with_parameters(batch: Batch, asked: Asked, file: Optional[str]) -> Batch:
    files = (*([file] if file else ()), *asked.parameter_files)
    values = tuple(asked.parameters)
    return batch._replace(parameter_files=files, parameters=values)


def _refuse_profile(project: Optional[str], profile: Optional[str]) -> None:
    for option, value in (("--project", project), ("--profile", profile)):
        if value is not None:
            raise InputError(f"{option} and --environment: give one of them")


def _targets(paths: Sequence[str], must_differ: bool) -> tuple[Target, ...]:
    """Pipelines go by the names of their files; where two files have one name, by the paths."""
    stems = [stem_of(path) for path in paths]
    doubles = {stems[i] for i, j in _doubles(stems)}
    for i, j in _doubles(stems) if must_differ else ():
        raise InputError(f"two pipelines are named {stems[i]!r}: {paths[i]} and {paths[j]}")
    return tuple(
        Target(path, name_of(path) if stem in doubles else stem)
        for stem, path in zip(stems, paths, strict=True)
    )


def _doubles(names: Iterable[str]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if first.setdefault(name, index) != index:
            yield first[name], index


def _from_file(asked: Asked) -> Iterator[Batch]:
    file = _file(asked.project)
    profiles = _named(file, asked.profile)
    paths = expanded(asked.targets) if asked.targets else None
    taken: set[str] = set()
    for profile in profiles:
        targets = _of_profile(profile, file.path)
        if paths is not None:
            targets = (_among if len(profiles) > 1 else _given)(targets, paths)
        taken |= {real(target.path) for target in targets}
        if not targets:
            continue
        waivers = asked.waivers or profile.waivers
        controls = asked.controls or profile.controls
        whole = paths is None
        batch = Batch(
            profile.name, profile.environment, targets, waivers, controls, file.path, 0, whole
        )
        prove = asked.prove or profile.prove
        batch = batch._replace(access=asked.access or profile.access, prove=prove)
        yield _with_parameters(batch, asked, profile.template_parameters)
    for path in paths or ():
        if real(path) not in taken:
            raise InputError(f"{path}: in no profile of {file.path}: give --profile")


def _among(targets: tuple[Target, ...], paths: list[str]) -> tuple[Target, ...]:
    """The targets that are given, or the parts of them that are."""
    asked = [(path, real(path), real(split(path)[0])) for path in paths]
    return tuple(
        target if whole == known else target._replace(path=path)
        for target, known in [(target, real(target.path)) for target in targets]
        for path, whole, file in asked
        if known in (whole, file)
    )


def _given(known: tuple[Target, ...], paths: list[str]) -> tuple[Target, ...]:
    """The given paths, under the names that the file gives them."""
    names = {real(target.path): target for target in known}
    named = _targets(paths, must_differ=True)
    return tuple(
        (names.get(real(target.path)) or names.get(real(target.file)) or target)._replace(
            path=target.path
        )
        for target in named
    )


def _of_profile(profile: Profile, where: str) -> tuple[Target, ...]:
    targets: dict[str, Target] = {}
    for entry in profile.definitions:
        paths = expanded([entry.pattern])
        if entry.name and len(paths) > 1:
            raise InputError(f"{where}: {entry.pattern} is {len(paths)} files with one name")
        for path in paths:
            if not os.path.exists(split(path)[0]):
                raise InputError(f"{where}: {path}: no such file")
            target = Target(path, entry.name or stem_of(path), bool(entry.name))
            targets.setdefault(real(path), target)
    found = tuple(targets.values())
    for i, j in _doubles(target.pipeline for target in found):
        raise InputError(
            f"{where}: two pipelines are named {found[i].pipeline!r}: {found[i].path} and "
            f'{found[j].path}; name one: {{path = "...", name = "..."}}'
        )
    return found


def _named(file: ProjectFile, name: Optional[str]) -> list[Profile]:
    if name is None:
        return list(file.profiles)
    found = [profile for profile in file.profiles if profile.name == name]
    if not found:
        from ormer.read.text.suggestion import suggestion

        near = suggestion(name, {profile.name for profile in file.profiles if profile.name})
        raise InputError(f"{file.path}: no profile {name!r}{near}")
    return found


def _file(path: Optional[str]) -> ProjectFile:
    from ormer.read.project_file import read_project_file

    path = path or _upwards()
    if path is None:
        raise InputError(
            f"no --environment, and no {FILE} in this folder or above it: ormer init writes one"
        )
    return read_project_file(read_bytes(path), path)


def _upwards() -> Optional[str]:
    """The nearest ``ormer.toml``, up to the root of the repository."""
    folder = os.getcwd()
    while True:
        path = os.path.join(folder, FILE)
        if os.path.isfile(path):
            return os.path.relpath(path)
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = above


def _changed(batch: Batch, revision: str) -> Batch:
    from ormer.sources.git import changed_since

    if batch.access is not None:
        return batch  # the policies that it names may be in any file
    changes = changed_since(revision, os.path.dirname(batch.project or batch.environment))
    decisive = [path for path in (batch.environment, batch.waivers, batch.project) if path]
    decisive += batch.parameter_files
    if any(changes.of_file(path) for path in decisive):
        return batch
    if batch.controls is not None and changes.of_folder(batch.controls):
        return batch
    kept = tuple(t for t in batch.targets if t.file == "-" or changes.of_file(t.file))
    unchanged = len(batch.targets) - len(kept)
    return batch._replace(targets=kept, unchanged=unchanged, is_whole=not unchanged)
