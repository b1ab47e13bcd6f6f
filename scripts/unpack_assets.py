"""Takes what is served or read but not committed out of the wheels that carry it: Swagger UI and the list of common passwords into
assets/, the libraries and icons of the web interface into WebApp/vendor/.

usage: unpack_assets.py WHEELS ROOT
"""

import ast
import hashlib
import io
import pathlib
import sys
import xml.etree.ElementTree as ElementTree
import zipfile

SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "LICENSE")
SWAGGER_FOLDER = "drf_spectacular_sidecar/static/drf_spectacular_sidecar/swagger-ui-dist"

VUE = ("nicegui/static/vue.esm-browser.prod.js", "f1dfbe4ca6bdc0f8eac639eea8652654a073433018be9bfd1cc55e75574b78f0")
SORTABLE = ("nicegui/elements/sortable/dist/index.js", "c5692671e20072f6434c8c3dc1eed845702bad7d199e00e5d66d0bfaba34ca5b")
LUCIDE = ("lucide/lucide.zip", "522230c8b53f88517710e3e1693ffc03ffe68f2e839893909f1d9e0305a6eadf")

SVG = "http://www.w3.org/2000/svg"
# A symbol is placed by its viewBox, and sized by whoever uses it.
NOT_OF_A_SYMBOL = ("width", "height", "class")


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


def sprite(icons: zipfile.ZipFile, names: list[str]) -> bytes:
    ElementTree.register_namespace("", SVG)
    svg = ElementTree.Element(f"{{{SVG}}}svg")
    for name in names:
        try:
            icon = ElementTree.fromstring(icons.read(f"{name}.svg"))
        except KeyError:
            sys.exit(f"WebApp/icons.txt: Lucide has no icon called {name}; https://lucide.dev/icons lists them")
        attributes = {key: value for key, value in icon.attrib.items() if key not in NOT_OF_A_SYMBOL}
        symbol = ElementTree.SubElement(svg, f"{{{SVG}}}symbol", {"id": name} | attributes)
        for shape in icon:
            shape.tail = None
            symbol.append(shape)
        symbol.text = None
        symbol.tail = "\n"
    return ElementTree.tostring(svg, encoding="utf-8")


def unpack_vendor(wheels: pathlib.Path, web: pathlib.Path) -> None:
    vendor = web / "vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    with opened(wheels, "nicegui") as wheel:
        (vendor / "vue.js").write_bytes(checked(wheel, *VUE))
        (vendor / "sortable.js").write_bytes(checked(wheel, *SORTABLE))
    names = (web / "icons.txt").read_text(encoding="utf-8").split()
    with opened(wheels, "lucide") as wheel:
        with zipfile.ZipFile(io.BytesIO(checked(wheel, *LUCIDE))) as icons:
            (vendor / "icons.svg").write_bytes(sprite(icons, names))
        license = next(name for name in wheel.namelist() if name.endswith("/LICENSE"))
        (vendor / "icons-license.txt").write_bytes(wheel.read(license))


def main(wheels: pathlib.Path, root: pathlib.Path) -> None:
    unpack_swagger(wheels, root / "assets" / "swagger-ui")
    unpack_passwords(wheels, root / "assets" / "common-passwords.txt")
    unpack_vendor(wheels, root / "WebApp")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
