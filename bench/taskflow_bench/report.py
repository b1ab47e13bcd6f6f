"""The figures as tables in Markdown, with the targets beside what was measured."""

from dataclasses import dataclass

TASKFLOW = ("taskflow-sqlite", "taskflow-postgres")
# What the peers have in common with TaskFlow; "not modified" is compared with the bare route.
COMPARED = ("list", "get", "create")


@dataclass(frozen=True)
class Target:
    """The figure of `server` divided by that of `rival`, and its bound."""

    server: str
    rival: str
    operation: str
    figure: str
    at_least: float | None = None
    at_most: float | None = None

    def ratio(self, results):
        try:
            ours = results[self.operation][self.server][self.figure]
            theirs = results[self.operation][self.rival][self.figure]
        except KeyError:
            return None
        return ours / theirs if theirs else None

    def is_reached(self, ratio):
        return ratio >= self.at_least if self.at_least is not None else ratio <= self.at_most

    @property
    def bound(self):
        return f"≥ {self.at_least:g}×" if self.at_least is not None else f"≤ {self.at_most:g}×"


# Of processor time and of requests/s, against the Go peer on the same engine.
AGAINST_GO = {
    "sqlite": {"get": (0.3, 3), "list": (0.25, 4), "create": (0.6, 2)},
    "postgres": {"get": (0.3, 3), "list": (0.3, 2.5), "create": (0.35, 1.5)},
}


def _targets():
    for engine, bounds in AGAINST_GO.items():
        ours, go = f"taskflow-{engine}", f"go-{engine}"
        for operation, (cpu, rps) in bounds.items():
            yield Target(ours, go, operation, "cpu", at_most=cpu)
            yield Target(ours, go, operation, "rps", at_least=rps)
            yield Target(ours, go, operation, "p99", at_most=1)
        for operation, factor in (("get", 10), ("list", 10), ("create", 3)):
            yield Target(ours, "fastapi", operation, "rps", at_least=factor)
        yield Target(ours, "bare-hummingbird", "not modified", "rps", at_least=2)


TARGETS = tuple(_targets())
FIGURES = {"rps": "requests/s", "cpu": "server CPU", "p99": "p99"}


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}".replace(",", " ")


def verdict(is_reached):
    return "reached" if is_reached else "**not reached**"


def operation_table(operation, figures, limit):
    rows = []
    for name, row in figures.items():
        errors = f" **{row['errors']} wrong**" if row["errors"] else ""
        rows.append([
            name + errors, number(row["rps"]), number(row["p50"]), number(row["p99"]), number(row["cpu"], 1),
            number(row["database_cpu"] or None, 1), number(row["memory"]),
        ])
    if limit:
        rows.append(["*pgbench*", number(limit["rps"]), f"{number(limit['mean'])} (mean)", "–", "–", number(limit["database_cpu"], 1), "–"])
    header = ["", "requests/s", "p50 µs", "p99 µs", "server CPU µs/request", "database CPU µs/request", "memory MiB"]
    return f"### {operation}\n\n" + table(header, rows)


def ratio_table(results):
    """Requests/s of TaskFlow divided by those of each peer."""
    peers = [name for name in results.get("list", {}) if name not in TASKFLOW]
    rows = []
    for name in TASKFLOW:
        for operation in COMPARED:
            figures = results.get(operation, {})
            if name in figures:
                ratios = [figures[name]["rps"] / figures[peer]["rps"] if peer in figures else None for peer in peers]
                rows.append([name, operation, *(number(ratio, 2) for ratio in ratios)])
    return "### Requests/s, as a multiple of each peer's\n\n" + table(["", "", *peers], rows) if rows and peers else ""


def target_table(results):
    rows = []
    for target in TARGETS:
        ratio = target.ratio(results)
        if ratio is not None:
            rows.append([
                target.server, target.rival, target.operation, FIGURES[target.figure], target.bound, f"{ratio:.2f}×",
                verdict(target.is_reached(ratio)),
            ])
    return "### Targets\n\n" + table(["", "against", "", "", "target", "measured", ""], rows) if rows else ""


def markdown(results, limits, absent):
    parts = [operation_table(operation, figures, limits.get(operation)) for operation, figures in results.items() if figures]
    parts += [ratio_table(results), target_table(results)]
    parts += [f"{name} did not start: {why}\n" for name, why in absent.items()]
    return "\n".join(part for part in parts if part)
