"""Takes Swagger UI and the list of common passwords out of the wheels that carry them.

usage: unpack_assets.py WHEELS ASSETS
"""

import ast
import pathlib
import sys
import zipfile

SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "LICENSE")
SWAGGER_FOLDER = "drf_spectacular_sidecar/static/drf_spectacular_sidecar/swagger-ui-dist"


def main(wheels: pathlib.Path, assets: pathlib.Path) -> None:
    (assets / "swagger-ui").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(next(wheels.glob("drf_spectacular_sidecar-*.whl"))) as wheel:
        for name in SWAGGER_FILES:
            (assets / "swagger-ui" / name).write_bytes(wheel.read(f"{SWAGGER_FOLDER}/{name}"))
    with zipfile.ZipFile(next(wheels.glob("zxcvbn-*.whl"))) as wheel:
        module = ast.parse(wheel.read("zxcvbn/frequency_lists.py"))
    lists = module.body[0].value
    text = next(value for key, value in zip(lists.keys, lists.values) if key.value == "passwords")
    # "a,b,c".split(",") in the source of the module.
    passwords = [word for word in text.func.value.value.split(",") if len(word) >= 8]
    (assets / "common-passwords.txt").write_text("\n".join(passwords) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
