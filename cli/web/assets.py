"""The app's own files: style, scripts, pictures. Each address changes when its file does."""

import hashlib
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_A_YEAR_S = 31_536_000


class Assets(StaticFiles):
    """Files that a browser may keep as long as it likes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        self._marks = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in folder.iterdir()
            if path.is_file()
        }

    def address(self, name: str) -> str:
        """The path of a file, for a page; a KeyError where there is no such file."""
        return f"/static/{name}?v={self._marks[name]}"

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, and how long it may be kept."""
        response = await super().get_response(path, scope)
        if response.status_code == 200 and b"v=" in scope.get("query_string", b""):
            response.headers["Cache-Control"] = f"public, max-age={_A_YEAR_S}, immutable"
        return response
