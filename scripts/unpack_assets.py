"""Takes what is served or read but not committed out of the wheels that carry it: Swagger UI and the list of common passwords into
assets/, the libraries and icons of the web interface into WebApp/vendor/.

usage: unpack_assets.py WHEELS ROOT
"""

import ast
import hashlib
import io
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree
import zipfile

SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "LICENSE")
SWAGGER_FOLDER = "drf_spectacular_sidecar/static/drf_spectacular_sidecar/swagger-ui-dist"

VUE = ("nicegui/static/vue.esm-browser.prod.js", "f1dfbe4ca6bdc0f8eac639eea8652654a073433018be9bfd1cc55e75574b78f0")
SORTABLE = ("nicegui/elements/sortable/dist/index.js", "c5692671e20072f6434c8c3dc1eed845702bad7d199e00e5d66d0bfaba34ca5b")
LUCIDE = ("lucide/lucide.zip", "522230c8b53f88517710e3e1693ffc03ffe68f2e839893909f1d9e0305a6eadf")

SVG = "{http://www.w3.org/2000/svg}"


def opened(wheels: pathlib.Path, name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(wheels.glob(f"{name}-*.whl")))


def checked(wheel: zipfile.ZipFile, name: str, sha256: str) -> bytes:
    content = wheel.read(name)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"{name} of {wheel.filename} is not the file that was chosen: its SHA-256 is {found}, not {sha256}")
    return content


def unpack_swagger(wheels: pathlib.Path, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with opened(wheels, "drf_spectacular_sidecar") as wheel:
        for name in SWAGGER_FILES:
            (folder / name).write_bytes(wheel.read(f"{SWAGGER_FOLDER}/{name}"))


def unpack_passwords(wheels: pathlib.Path, file: pathlib.Path) -> None:
    with opened(wheels, "zxcvbn") as wheel:
        module = ast.parse(wheel.read("zxcvbn/frequency_lists.py"))
    lists = module.body[0].value
    text = next(value for key, value in zip(lists.keys, lists.values) if key.value == "passwords")
    # "a,b,c".split(",") in the source of the module.
    passwords = [word for word in text.func.value.value.split(",") if len(word) >= 8]
    file.write_text("\n".join(passwords) + "\n", encoding="utf-8")


def outline(shape: ElementTree.Element) -> str:
    """A shape in the words of a path."""
    kind = shape.tag.removeprefix(SVG)
    # What begins with a relative step would go on from the shape before.
    if kind == "path":
        return f"M0 0{shape.attrib['d']}" if shape.attrib["d"].startswith("m") else shape.attrib["d"]
    if kind in ("polyline", "polygon"):
        return f"M{shape.attrib['points']}{'z' if kind == 'polygon' else ''}"
    of = {name: float(value) for name, value in shape.attrib.items() if re.fullmatch(r"-?[\d.]+", value)}
    if kind == "line":
        return f"M{of['x1']:g} {of['y1']:g}L{of['x2']:g} {of['y2']:g}"
    if kind == "circle":
        return f"M{of['cx'] - of['r']:g} {of['cy']:g}a{of['r']:g} {of['r']:g} 0 0 1 {2 * of['r']:g} 0a{of['r']:g} {of['r']:g} 0 0 1-{2 * of['r']:g} 0z"
    if kind == "rect":
        width, height, radius = of["width"], of["height"], of.get("rx", of.get("ry", 0))
        arc = f"a{radius:g} {radius:g} 0 0 1 "
        sides = [f"h{width - 2 * radius:g}{arc}{radius:g} {radius:g}", f"v{height - 2 * radius:g}{arc}-{radius:g} {radius:g}",
                 f"h{2 * radius - width:g}{arc}-{radius:g}-{radius:g}", f"v{2 * radius - height:g}{arc}{radius:g}-{radius:g}"]
        return f"M{of.get('x', 0) + radius:g} {of.get('y', 0):g}{''.join(sides)}z"
    sys.exit(f"scripts/unpack_assets.py does not know the shape {kind} of an icon")


def outlines(icons: zipfile.ZipFile, names: list[str]) -> str:
    """A module with one path for each icon: a browser draws it at a fraction of what a part of a sprite costs it."""
    found = {}
    for name in names:
        try:
            icon = ElementTree.fromstring(icons.read(f"{name}.svg"))
        except KeyError:
            sys.exit(f"WebApp/icons.txt: Lucide has no icon called {name}; https://lucide.dev/icons lists them")
        found[name] = "".join(map(outline, icon))
    return f"export const icons = {json.dumps(found, indent=0)};\n"


def unpack_vendor(wheels: pathlib.Path, web: pathlib.Path) -> None:
    vendor = web / "vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    with opened(wheels, "nicegui") as wheel:
        (vendor / "vue.js").write_bytes(checked(wheel, *VUE))
        (vendor / "sortable.js").write_bytes(checked(wheel, *SORTABLE))
    names = (web / "icons.txt").read_text(encoding="utf-8").split()
    with opened(wheels, "lucide") as wheel:
        with zipfile.ZipFile(io.BytesIO(checked(wheel, *LUCIDE))) as icons:
            (vendor / "icons.js").write_text(outlines(icons, names), encoding="utf-8")
        license = next(name for name in wheel.namelist() if name.endswith("/LICENSE"))
        (vendor / "icons-license.txt").write_bytes(wheel.read(license))


def main(wheels: pathlib.Path, root: pathlib.Path) -> None:
    unpack_swagger(wheels, root / "assets" / "swagger-ui")
    unpack_passwords(wheels, root / "assets" / "common-passwords.txt")
    unpack_vendor(wheels, root / "WebApp")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
