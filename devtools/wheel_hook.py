"""Hatchling calls this while it builds the wheel: the built web app travels inside the package."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_EXPORT = Path("frontend") / "out"
_IN_THE_WHEEL = "csms/web"


class WebAppHook(BuildHookInterface[Any]):
    """Puts frontend/out into the wheel where it was built; an editable install reads it in place."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files of the web app for the wheel."""
        export = Path(self.root) / _EXPORT
        if version == "editable" or not (export / "index.html").is_file():
            return
        build_data["force_include"] |= {
            str(file): f"{_IN_THE_WHEEL}/{file.relative_to(export).as_posix()}"
            for file in sorted(export.rglob("*"))
            if file.is_file() and not file.name.startswith(".")
        }
