"""Makes the files of WebApp/ small and few for the wire, in assets/web: modules joined by esbuild, comments and blanks taken out, all of it
compressed by Brotli. The server takes them as long as they were made from the files that are in WebApp/; otherwise it serves those
themselves.

usage: prepare_web.py ROOT
"""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import brotli

SERVED = {".html", ".js", ".css", ".svg", ".webmanifest", ".json", ".txt", ".png", ".ico", ".woff2"}
SOURCE = "source.txt"
ENTRY = "app/main.js"
# What the first screen needs, in one file: every module that these import themselves.
FIRST = ("app/App.js", "app/views/list/ListView.js")
# The last statement of Vue's file hands its template compiler to the rest of Vue, and parts of the compiler are made when the file is read:
# both keep it in the bundle, where it is half of Vue. No template is ever compiled here.
COMPILER_TAKEN = re.compile(r"\b[\w$]+\([\w$]+\);(?=export\{)")
COMPILER_PARTS = re.compile(r'=(?=new class\b|[\w$]+\((?:"for",|/\^\(\?:if))')
SHEETS = re.compile(r'(?:\s*<link rel="stylesheet" href="\{\{root\}\}/([^"]+)">)+')
PRELOAD = '<link rel="modulepreload" href="{{root}}/vendor/vue.js">'


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


def write(folder: pathlib.Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def replaced(text: str, old: re.Pattern[str] | str, new: str) -> str:
    text, count = re.subn(old if isinstance(old, re.Pattern) else re.escape(old), lambda _: new, text)
    if count != 1:
        sys.exit(f"prepare_web.py should find {old} once, and finds it {count} times: the files of the web interface are others than it knows")
    return text


def joined(files: dict[str, bytes]) -> dict[str, bytes]:
    """Scripts and style sheets as few small files. What is loaded by its name keeps its name: the entry, texts, sheets, the worker."""
    html = files["index.html"].decode()
    sheets = re.findall(r'rel="stylesheet" href="\{\{root\}\}/([^"]+)"', html)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        write(root, files | {
            "vendor/vue.js": COMPILER_PARTS.sub("=/*@__PURE__*/", replaced(files["vendor/vue.js"].decode(), COMPILER_TAKEN, "")).encode(),
            "first.js": "".join(f'import "./{path}";\n' for path in FIRST).encode(),
            "styles/first.css": "".join(f'@import "../{path}";\n' for path in sheets).encode(),
        })
        named = [path for path in files if path.startswith("app/locales/") or path.startswith("styles/") and path not in sheets]
        subprocess.run([
            "esbuild", ENTRY, *named, "styles/first.css", "--bundle", "--splitting", "--format=esm", "--minify", "--target=es2022", "--charset=utf8",
            # As if every file imported it: what it holds is then one chunk, instead of one for each set of views that share something.
            "--inject:./first.js", "--pure:Symbol", "--pure:Object.freeze",
            "--outbase=.", "--outdir=out", "--chunk-names=app/[name]-[hash]", "--metafile=made.json", "--log-level=warning",
        ], cwd=root, check=True)
        subprocess.run(["esbuild", "service-worker.js", "--minify", "--outdir=out", "--log-level=warning"], cwd=root, check=True)
        made = json.loads((root / "made.json").read_text())["outputs"]
        first = next(path for path, facts in made.items() if "first.js" in facts["inputs"] or FIRST[0] in facts["inputs"])
        html = replaced(html, SHEETS, '\n    <link rel="stylesheet" href="{{root}}/styles/first.css">')
        html = replaced(html, PRELOAD, PRELOAD.replace("vendor/vue.js", first.removeprefix("out/")))
        # The server looks for the libraries before it starts.
        others = {path: content for path, content in files.items() if path.startswith("vendor/") or not path.endswith((".js", ".css"))}
        return others | served(root / "out") | {"index.html": html.encode()}


def main(root: pathlib.Path) -> None:
    files = served(root / "WebApp")
    target = root / "assets" / "web"
    source = target / SOURCE
    made_from = version(files)
    if source.exists() and source.read_text(encoding="ascii") == made_from:
        return
    if not shutil.which("esbuild"):
        sys.exit("esbuild, which prepares the files of the web interface, is not installed; without it the server sends them as they are")
    print("preparing the files of the web interface")
    small = joined(files)
    shutil.rmtree(target, ignore_errors=True)
    write(target, small)
    for path, content in small.items():
        compressed = brotli.compress(content, quality=11)
        if len(compressed) < len(content):
            (target / f"{path}.br").write_bytes(compressed)
    # The last one: a preparation that was interrupted is not taken.
    source.write_text(made_from, encoding="ascii")


main(pathlib.Path(sys.argv[1]))
