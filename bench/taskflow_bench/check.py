"""One request of each kind to each server, looked at closely, before anything is measured."""

from . import workload
from .processes import ServerError


def check(server):
    if server.operations[0] != "list":
        return
    client = server.client()
    user, token, other = server.users[6], server.tokens[6], server.tokens[7]

    def expect(is_right, what):
        if not is_right:
            raise ServerError(f"its answers are wrong: {what}")

    page = server.tasks_of(client.get("GET", server.tasks_path + server.list_query, token=token))
    titles = {row.title for row in workload.rows() if row.owner == 7}
    expect(len(page) == workload.PAGE, f"{len(page)} tasks on a page")
    expect(all(task["owner_id"] == user for task in page), "somebody else's task in the list")
    expect(all(set(workload.FIELDS) <= set(task) for task in page), "a field is missing")
    expect(all(task["title"] in titles for task in page), "a title that nobody has written")
    order = [(task["created_at"], task["id"]) for task in page]
    expect(order == sorted(order, reverse=True), "the newest do not come first")

    one = f"{server.tasks_path}/{page[3]['id']}"
    same = client.get("GET", one, token=token)
    expect(all(same[field] == page[3][field] for field in workload.FIELDS), "the task differs from the list")
    # PocketBase takes whoever has no good token for a guest, who sees nothing; FastAPI calls a missing header a fault.
    expect(client.send("GET", one, token=other)[0] == 404, "a stranger may read a task")
    expect(client.send("GET", one, token=token[:-8] + "AAAAAAAA")[0] in (401, 404), "a forged token is taken")
    expect(client.send("GET", one)[0] in (401, 404, 422), "nobody has to show a token")

    status, _, made = client.send("POST", server.tasks_path, server.body(user), token)
    expect(status in (200, 201), f"a creation gave {status}")
    found = client.get("GET", f"{server.tasks_path}/{made['id']}", token=token)
    for field in ("title", "description", "priority"):
        expect(found[field] == server.body(user)[field], f"{field} of a new task")
    expect(found["due_at"].startswith("2030-01-31") and found["owner_id"] == user, "due_at or owner_id of a new task")
