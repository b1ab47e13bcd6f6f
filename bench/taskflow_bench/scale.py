"""The second part, TaskFlow alone: lists at 10 000 and at 1 000 000 tasks, searches, reads during a storm of logins."""

import re
import statistics
import time

from . import workload
from .load import Request
from .processes import ServerError
from .report import number, table, verdict
from .rounds import medians, note, run
from .servers import exactly

# Tasks and users: with a hundred times the tasks, each user has ten times as many.
SMALL = {"rows": 10_000, "users": 10, "label": "-10k"}
LARGE = {"rows": 1_000_000, "users": 100, "label": "-1M"}
# Whose lists are read and whose tasks are searched, on both.
READERS = 10

LIST_COST = 1.2
SEARCH_P99 = 20_000
STORM_P99 = 1.2

SEARCHES = {
    "rare": workload.CUSTOMERS[-20:],
    "medium": ["certificate", "invoice", "dashboard", "renew", "archive", "translate"],
    "common": ["the", "customer", "asked", "team", "end"],
    "beginning": ["cert", "quart", "tra", "ba", "re"],
    "two words": ["renew certificate", "asked invoice", "the customer", "quarterly rep"],
}
SEARCH_CONNECTIONS = (1, 8)

# Below what the machine can do, so that the reads wait for the logins and not for each other.
READ_RATE = 1000
READ_CONNECTIONS = 16
LOGINS_AT_ONCE = 50


def measure(bench, chosen):
    parts, figures = [], {}
    for make in chosen:
        if not make.name.startswith("taskflow"):
            continue
        small, large = make(bench, **SMALL), make(bench, **LARGE)
        try:
            for server in (small, large):
                server.start()
                note(f"{server.name} is ready")
            if make.name == "taskflow-postgres":
                bench.cluster.settle()
            lists, searches, storm = compare_lists(bench, small, large), search(bench, large), login_storm(bench, large)
        except ServerError as error:
            parts.append(f"{make.name} is left out: {error}\n")
            continue
        finally:
            small.stop()
            large.stop()
        figures[make.name] = {"lists": lists, "searches": searches, "storm": storm}
        parts.append(markdown(make.name, lists, searches, storm))
    return "\n".join(parts), figures


# A list of many


def compare_lists(bench, small, large):
    """{page: {"small": figures, "large": figures}}, measured in turns."""
    cursors = {server: [deep_cursor(server, index) for index in range(READERS)] for server in (small, large)}
    pages = {
        "first": lambda server, index: f"?limit={workload.PAGE}",
        "page 50": lambda server, index: f"?page=50&per_page={workload.PAGE}",
        "deep cursor": lambda server, index: f"?limit={workload.PAGE}&cursor={cursors[server][index]}",
    }
    results = {}
    for page, query in pages.items():
        rounds = {"small": [], "large": []}
        for turn in range(bench.rounds + 1):
            for size, server in (("small", small), ("large", large)):
                server.renew_tokens()
                requests = [Request("GET", server.tasks_path + query(server, index), server.tokens[index],
                                    expected=exactly("owner_id", server.users[index]), times=workload.PAGE) for index in range(READERS)]
                figures = run(bench, server, requests, connections=bench.connections, seconds=bench.seconds)
                if turn:
                    rounds[size].append(figures)
        results[page] = {size: medians(figures) for size, figures in rounds.items()}
        note(f"list, {page}: done")
    return results


def deep_cursor(server, index):
    """Where nine tenths of the user's tasks lie behind."""
    client, cursor = server.client(), ""
    for _ in range(server.row_count // server.user_count // 100 * 9 // 10):
        page = client.get("GET", f"{server.tasks_path}?limit=100{cursor and '&cursor='}{cursor}", token=server.tokens[index])
        cursor = page["meta"]["next_cursor"]
    return cursor


# Search


def search(bench, server):
    """[[whose tasks, kind, connections, figures]]"""
    words = [[] for _ in range(READERS)]
    for row in workload.rows(server.row_count, server.user_count):
        if row.owner <= READERS:
            words[row.owner - 1].append(set(re.findall("[a-z]+", f"{row.title} {row.description}".lower())))
    results = []
    for kind, queries in SEARCHES.items():
        for connections in SEARCH_CONNECTIONS:
            server.renew_tokens()
            admin = server.admin_token()
            own = [search_request(server, query, server.tokens[index], exactly("owner_id", server.users[index]),
                                  min(hits(query, words[index]), workload.PAGE)) for query in queries for index in range(READERS)]
            # Of a million tasks more than a page match each of the queries.
            all_tasks = [search_request(server, query + "&scope=all", admin, '"owner_id":', workload.PAGE) for query in queries]
            for whose, requests in (("one's own", own), ("everybody's", all_tasks)):
                run(bench, server, requests, connections=connections, seconds=1)
                results.append([whose, kind, connections, run(bench, server, requests, connections=connections, seconds=bench.seconds)])
        note(f"search, {kind}: done")
    return results


def search_request(server, query, token, expected, times):
    # No hit at all would leave the body unlooked at: then it must be the empty page.
    if times == 0:
        expected, times = '"data":[]', 1
    return Request("GET", f"{server.tasks_path}?limit={workload.PAGE}&q={query.replace(' ', '+')}", token, expected=expected, times=times)


def hits(query, tasks):
    """How many have all the words; the last one may be a beginning."""
    *whole, beginning = query.lower().split()
    return sum(all(word in task for word in whole) and any(word.startswith(beginning) for word in task) for task in tasks)


# A storm of logins


def login_storm(bench, server):
    """The p99 of reads alone and while 50 log in at once every second: a client that is told to come back waits as long."""
    alone, stormy, logins, refused = [], [], 0, 0
    requests = [server.login_request(server.email(index)) for index in range(LOGINS_AT_ONCE)]
    for turn in range(bench.rounds + 1):
        server.renew_tokens()
        calm = read(bench, server).result()
        reading = read(bench, server)
        while reading.process.poll() is None:
            began = time.monotonic()
            burst = bench.load.run(server.port, requests, connections=LOGINS_AT_ONCE, count=LOGINS_AT_ONCE, status="200,503")
            logins, refused = logins + burst["requests"] - burst["refused"], refused + burst["refused"]
            time.sleep(max(0, began + 1 - time.monotonic()))
        busy = reading.result()
        if turn:
            alone.append(calm["p99"])
            stormy.append(busy["p99"])
    return {"alone": statistics.median(alone), "storm": statistics.median(stormy), "logins": logins, "refused": refused}


def read(bench, server):
    requests = [server.list_request(index) for index in range(READERS)]
    return bench.load.start(server.port, requests, connections=READ_CONNECTIONS, seconds=bench.seconds, rate=READ_RATE)


# Tables


def markdown(name, lists, searches, storm):
    rows = []
    for page, sizes in lists.items():
        small, large = sizes["small"], sizes["large"]
        # What it costs: the CPU of the server and of its database.
        cost = (large["cpu"] + large["database_cpu"]) / (small["cpu"] + small["database_cpu"])
        rows.append([page, number(small["rps"]), number(large["rps"]), number(small["p99"]), number(large["p99"]), f"{cost:.2f}×",
                     verdict(cost <= LIST_COST)])
    parts = [f"### {name}: a list of 20 at 10 000 and at 1 000 000 tasks (target: ≤ {LIST_COST}× the CPU)\n",
             table(["", "requests/s, 10 000", "1 000 000", "p99 µs, 10 000", "1 000 000", "CPU", ""], rows)]
    rows = [[whose, kind, str(connections), number(figures["rps"]), number(figures["p50"]), number(figures["p99"]),
             verdict(figures["p99"] <= SEARCH_P99)] for whose, kind, connections, figures in searches]
    parts += [f"### {name}: search at 1 000 000 tasks (target: p99 ≤ {number(SEARCH_P99)} µs)\n",
              table(["tasks", "words", "connections", "requests/s", "p50 µs", "p99 µs", ""], rows)]
    ratio = storm["storm"] / storm["alone"]
    parts += [f"### {name}: {READ_RATE} reads a second while {LOGINS_AT_ONCE} log in at once (target: ≤ {STORM_P99}× the p99)\n",
              table(["p99 µs alone", "p99 µs in the storm", "", "logins", "told to come back", ""],
                    [[number(storm["alone"]), number(storm["storm"]), f"{ratio:.2f}×", str(storm["logins"]), str(storm["refused"]),
                      verdict(ratio <= STORM_P99)]])]
    return "\n".join(parts)
