"""Makes the files of WebApp/ small for the wire, in assets/web: comments and blanks taken out, and compressed by Brotli. The server takes
them as long as they were made from the files that are in WebApp/; otherwise it serves those themselves.

usage: prepare_web.py ROOT
"""

import hashlib
import pathlib
import shutil
import sys

import brotli
import minify

MINIFIED = {".js": "text/javascript", ".css": "text/css", ".webmanifest": "application/json"}
SERVED = {".html", ".js", ".css", ".svg", ".webmanifest", ".json", ".txt", ".png", ".ico", ".woff2"}
SOURCE = "source.txt"


def served(web: pathlib.Path) -> dict[str, bytes]:
    """By path, as FileTree in Sources/Web sees them."""
    files = {}
    for file in web.rglob("*"):
        path = file.relative_to(web)
        if file.is_file() and file.suffix in SERVED and not any(part.startswith(".") or part == "tests" for part in path.parts):
            files[path.as_posix()] = file.read_bytes()
    return dict(sorted(files.items()))


def version(files: dict[str, bytes]) -> str:
    """The version that FileTree gives them."""
    hash = hashlib.sha256()
    for path, content in files.items():
        hash.update(f"{len(path.encode())} {path} {len(content)} ".encode())
        hash.update(content)
    return hash.digest()[:10].hex()


def small(path: str, content: bytes) -> bytes:
    kind = MINIFIED.get(pathlib.PurePosixPath(path).suffix)
    # What others made is small already, and stays as its hash was checked.
    if kind is None or path.startswith("vendor/"):
        return content
    return minify.string(kind, content.decode()).encode()


def main(root: pathlib.Path) -> None:
    files = served(root / "WebApp")
    target = root / "assets" / "web"
    source = target / SOURCE
    made_from = version(files)
    if source.exists() and source.read_text(encoding="ascii") == made_from:
        return
    print("preparing the files of the web interface")
    shutil.rmtree(target, ignore_errors=True)
    for path, content in files.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        content = small(path, content)
        file.write_bytes(content)
        compressed = brotli.compress(content, quality=11)
        if len(compressed) < len(content):
            (target / f"{path}.br").write_bytes(compressed)
    # The last one: a preparation that was interrupted is not taken.
    source.write_text(made_from, encoding="ascii")


main(pathlib.Path(sys.argv[1]))
