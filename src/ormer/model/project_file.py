"""A repository's own settings: which definitions are checked against which profile."""

from __future__ import annotations

from typing import NamedTuple, Optional


class Definitions(NamedTuple):
    """A path or glob of definitions; ``name`` is the pipeline's, empty for the file's own."""

    pattern: str
    name: str = ""


class Profile(NamedTuple):
    """One environment and what is checked against it. Paths are as the command opens them;
    ``prove``: what ``access`` predicts is proved, too."""

    name: str
    environment: str
    definitions: tuple[Definitions, ...]
    waivers: Optional[str] = None
    controls: Optional[str] = None
    template_parameters: Optional[str] = None
    access: Optional[str] = None
    prove: bool = False


class ProjectFile(NamedTuple):
    """The settings of a repository, in the file's order."""

    path: str
    profiles: tuple[Profile, ...]
