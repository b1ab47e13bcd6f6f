"""The network goes, the server dies, access ends: nothing typed is lost, and what was changed is sent once."""

from playwright.sync_api import expect

from browser import has_kept, has_worker, log_in, open_as, quick_add, row
from test_two_people import description, is_live, panel, title


def test_a_server_that_is_killed_while_a_text_is_typed(context, own_server, complaints):
    ada = own_server.register("ada")
    task = ada.add("Write the report")
    page = open_as(context, own_server, complaints, ada, f"/?task={task['id']}", failures=True)
    has_worker(page)
    description(page).fill("A text that took me an hour")
    own_server.kill()
    description(page).press("Tab")
    expect(page.get_by_text("not sent yet").or_(page.get_by_text("stored here")).first).to_be_visible()
    own_server.start()
    expect(page.get_by_text("not sent yet")).to_have_count(0, timeout=30_000)
    assert ada.task(task["id"])["description"] == "A text that took me an hour"


def test_offline_and_back(context, server, complaints, ada):
    ada.add("Pay rent")
    page = open_as(context, server, complaints, ada, failures=True)
    expect(row(page, "Pay rent")).to_be_visible()
    is_live(page)
    has_worker(page)
    context.set_offline(True)
    quick_add(page, "Buy milk")
    row(page, "Pay rent").get_by_role("button", name="Complete").click()
    expect(page.get_by_role("link", name="Buy milk")).to_be_visible()
    expect(page.get_by_text("2 changes are not sent yet").first).to_be_attached()
    context.set_offline(False)
    expect(page.get_by_text("not sent yet")).to_have_count(0, timeout=30_000)
    assert sorted(ada.titles()) == ["Buy milk", "Pay rent"]
    assert ada.titles("status=completed") == ["Pay rent"]


def select_all(page):
    page.get_by_role("region", name="Tasks").get_by_role("link").first.focus()
    page.keyboard.press("Control+a")
    return page.get_by_role("toolbar", name="Selected tasks")


def test_changes_of_many_and_their_undo_wait_without_a_network(context, server, complaints, ada):
    for title in ("Pay rent", "Buy milk"):
        ada.add(title)
    page = open_as(context, server, complaints, ada, failures=True)
    is_live(page)
    has_worker(page)
    has_kept(page, "feed")
    row(page, "Pay rent").get_by_role("button", name="Complete").click()
    expect(page.get_by_role("status").filter(has_text="Completed “Pay rent”")).to_be_visible()
    context.set_offline(True)
    select_all(page).get_by_role("button", name="Archive").click()
    expect(page.get_by_text("1 change is not sent yet").first).to_be_attached()
    expect(row(page, "Pay rent")).to_have_count(0)
    # Newest first: the batch, then what was done before the network went.
    page.keyboard.press("Control+z")
    expect(page.get_by_text("2 changes are not sent yet").first).to_be_attached()
    expect(row(page, "Buy milk")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("3 changes are not sent yet").first).to_be_attached()
    page.get_by_role("button", name="3 changes are not sent yet").click()
    expect(page.get_by_role("dialog").get_by_text("Archived 2 tasks.", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("Undone: Completed “Pay rent”.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    context.set_offline(False)
    expect(page.get_by_text("not sent yet")).to_have_count(0, timeout=30_000)
    expect(page.get_by_role("button", name="Live")).to_be_visible()
    assert ada.titles("archived=true") == []
    assert len(ada.titles("status=pending")) == 2
    # What was taken back without a network can be done again with one.
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_role("status").filter(has_text="Done again: ")).to_be_visible()
    assert ada.titles("status=completed") == ["Pay rent"]


def test_a_shift_whose_answer_is_lost_shifts_once(context, server, complaints, ada):
    for title in ("Pay rent", "Buy milk"):
        ada.add(title, due_on="2030-01-31")
    page = open_as(context, server, complaints, ada, failures=True)
    is_live(page)
    has_worker(page)

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/tasks/batch", lose, times=1)
    select_all(page).get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Shift due date…").click()
    page.get_by_label("Days to shift by").fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Sent: Shifted")).to_be_visible()
    assert [task["due_on"] for task in ada.ask("GET", "/tasks")["data"]] == ["2030-02-03"] * 2
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
    assert [task["due_on"] for task in ada.ask("GET", "/tasks")["data"]] == ["2030-01-31"] * 2


def test_a_reload_without_a_network_shows_the_tasks(context, server, complaints, ada):
    ada.add("Pay rent")
    page = open_as(context, server, complaints, ada, failures=True)
    expect(row(page, "Pay rent")).to_be_visible()
    has_worker(page)
    has_kept(page, "feed")
    page.reload()
    expect(row(page, "Pay rent")).to_be_visible()
    context.set_offline(True)
    page.reload()
    expect(row(page, "Pay rent")).to_be_visible()
    context.set_offline(False)


def test_who_does_what_is_known_without_a_network(context, server, complaints, ada, grace):
    ada.add("Pay rent", assignee_id=grace.user["id"])
    page = open_as(context, server, complaints, ada, failures=True)
    expect(row(page, "Pay rent")).to_contain_text(grace.user["name"])
    has_worker(page)
    has_kept(page, "feed", "people")
    context.set_offline(True)
    page.reload()
    expect(row(page, "Pay rent")).to_contain_text(grace.user["name"])
    context.set_offline(False)


def test_what_was_typed_survives_a_reload(page, ada):
    task = ada.add("Write the report")
    page.goto(f"{page.url}?task={task['id']}")
    title(page).fill("Write the whole rep")
    page.get_by_role("textbox", name="Add a task").first.fill("half a li")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_role("textbox", name="Add a task").first).to_have_value("half a li")
    assert "Write the whole rep" in (title(page).input_value(), ada.task(task["id"])["title"])


def test_access_that_ends_while_a_text_is_typed(context, server, complaints, ada):
    task = ada.add("Write the report")
    page = open_as(context, server, complaints, ada, f"/?task={task['id']}", failures=True)
    description(page).fill("A text that took me an hour")
    ada.ask("POST", "/auth/logout?all=true")
    # The page may have heard of it already.
    page.keyboard.press("Tab")
    log_in(page, ada)
    expect(panel(page)).to_be_visible()
    expect(description(page)).to_have_value("A text that took me an hour")
