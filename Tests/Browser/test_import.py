"""A file of a thousand rows with errors: looked at first, imported, taken back."""

import re

from playwright.sync_api import expect

from browser import open_as


def test_import_of_a_thousand_rows_with_errors_and_undo(context, server, complaints, ada):
    lines = ["title,priority,due_at"] + [f"Row {number},high,2030-01-31" for number in range(1, 1001)]
    lines[10] = ",high,2030-01-31"
    lines[20] = "Row 20,sky-high,2030-01-31"
    page = open_as(context, server, complaints, ada, "/import")
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "tasks.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}]
    )
    # Nothing is stored before you have seen what would become of it.
    expect(page.get_by_text("998").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("sky-high").first).to_be_visible()
    assert ada.titles() == []
    page.get_by_role("button", name="Import", exact=False).last.click()
    expect(page.get_by_role("button", name="Undo").first).to_be_visible(timeout=60_000)
    assert ada.ask("GET", "/tasks?count=true&limit=1")["meta"]["total"] == 998
    page.get_by_role("button", name="Undo").first.click()
    dialog = page.get_by_role("dialog")
    if dialog.count():
        dialog.get_by_role("button").last.click()
    expect(page.get_by_text("taken back").or_(page.get_by_text("undone")).first).to_be_visible(timeout=60_000)
    assert ada.titles() == []


def choose(page, name: str, rows: int) -> None:
    """A file of so many rows is chosen, tried, and looked at."""
    text = "\n".join(["title"] + [f"Row {number}" for number in range(1, rows + 1)])
    page.locator("input[type=file]").set_input_files(files=[{"name": name, "mimeType": "text/csv", "buffer": text.encode()}])
    expect(page.get_by_role("button", name=f"Import {rows:,} tasks")).to_be_visible(timeout=60_000)


def test_an_import_that_is_cancelled_says_what_is_made_already_and_takes_it_back(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, "/import")
    choose(page, "long.csv", 20_000)
    page.get_by_role("button", name="Import 20,000 tasks").click()
    expect(page.get_by_text(re.compile(r"^[1-9][0-9,]* of 20,000 rows$"))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status").filter(has_text="stops")).to_be_visible()
    expect(page.get_by_role("heading", name="The import was cancelled")).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile(r"It stopped after [0-9,]+ of 20,000 rows"))).to_be_visible()
    assert ada.titles() != []
    # The same is offered in the list of jobs, for who has closed the page meanwhile.
    page.get_by_role("link", name="Jobs").click()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("cell", name=re.compile("are in the trash"))).to_be_visible(timeout=60_000)
    assert ada.titles() == []


def test_a_network_that_fails_for_a_moment_does_not_lose_a_running_import(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, "/import", failures=True)
    choose(page, "tasks.csv", 1000)
    page.route("**/api/v1/jobs/*", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Import 1,000 tasks").click()
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible(timeout=60_000)
    assert ada.ask("GET", "/tasks?count=true&limit=1")["meta"]["total"] == 1000


def test_an_import_whose_answer_is_lost_imports_once(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, "/import", failures=True)
    choose(page, "tasks.csv", 20)

    def lose_the_answer(route):
        assert route.fetch().status == 202
        route.abort()

    page.route("**/api/v1/tasks/import", lose_the_answer, times=1)
    page.get_by_role("button", name="Import 20 tasks").click()
    expect(page.get_by_role("alert").filter(has_text="The server does not answer.")).to_be_visible()
    page.get_by_role("button", name="Import 20 tasks").click()
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible(timeout=60_000)
    assert ada.ask("GET", "/tasks?count=true&limit=1")["meta"]["total"] == 20
