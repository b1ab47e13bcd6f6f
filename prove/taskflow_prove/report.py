"""What a run found, as one JSON file for each proof and one table for all."""

import json
import platform
import time

from . import REPOSITORY

FOLDER = REPOSITORY / "docs" / "proofs"
INTRODUCTION = """# Proofs

This document lists what TaskFlow promises when parts of the system fail, with the results of the last runs. `make prove` writes it; the numbers of
the promises are those of the [table of promises](../coverage.md#promises). Each proof is one file in `prove/taskflow_prove/proofs`. The clients
record every request and its answer, and the proof compares the database with these records. Every acknowledged change is there, no refused change
is there, a change without an answer is there once or not at all, versions strictly increase, and each version has its event. Every proof also
runs the same check on a database that loses data; that check must fail (the “twin”).
"""


def write(name, module, proof, seconds):
    result = {
        "promise": module.PROMISE, "what": module.TITLE, "result": "holds" if all(proof.conditions.values()) else "BROKEN",
        "seed": proof.seed, "date": time.strftime("%Y-%m-%d"), "seconds": round(seconds),
        "on": f"{proof.engine}, {platform.system()} {platform.machine()}", "build": "release" if "release" in proof.binary.parts else "debug",
        "figures": proof.figures, "conditions": proof.conditions,
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
    return result


def table():
    results = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
    lines = [INTRODUCTION, "| | What was done | On | Figures | Result |", "|---|---|---|---|---|"]
    for name, result in sorted(results.items(), key=lambda item: int(item[1]["promise"][1:])):
        lines.append(
            f"| {result['promise']} | {result['what']} | {result['on']}, {result['build']} build | {told(result['figures'])} "
            f"| **{result['result']}**, {len(result['conditions'])} conditions, seed {result['seed']}, {result['date']}: "
            f"[{name}.json]({name}.json) |")
    (FOLDER / "README.md").write_text("\n".join(lines) + "\n")


def told(figures):
    """Those that are numbers, in words; the file has all."""
    parts = []
    for name, value in figures.items():
        if isinstance(value, dict) and name != "answers":
            if inner := told(value):
                parts.append(f"{name.replace('_', ' ')}: {inner}")
        elif isinstance(value, list) and value and name != "examples":
            parts.append(f"{name} " + ", ".join(str(one) for one in value))
        elif isinstance(value, (int, float)):
            words, unit = (name.removesuffix("_s"), " s") if name.endswith("_s") else (name, "")
            parts.append(f"{words.replace('_', ' ')} {value:,}{unit}")
    return "; ".join(parts)
