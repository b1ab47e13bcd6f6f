"""A browser that keeps nothing, a server that is busy or broken, an answer that is lost, an address that somebody wrote by hand."""

from playwright.sync_api import expect

from browser import Complaints, has_worker, log_in, open_as, open_page, quick_add, row
from test_two_people import is_live, panel

REFUSES = """
  const refuse = { get() { throw new DOMException("The browser keeps nothing.", "SecurityError"); } };
  Object.defineProperty(window, "localStorage", refuse);
  Object.defineProperty(window, "indexedDB", refuse);
"""
IS_FULL = """
  Storage.prototype.setItem = () => { throw new DOMException("The browser is full.", "QuotaExceededError"); };
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = function (...values) {
    const request = put.apply(this, values);
    this.transaction.abort();
    return request;
  };
"""


def test_a_browser_that_keeps_nothing(context, server, complaints, ada):
    context.add_init_script(REFUSES)
    page = open_as(context, server, complaints, ada)
    quick_add(page, "Buy milk")
    row(page, "Buy milk").get_by_role("button", name="Complete").click()
    expect(page.get_by_role("status").filter(has_text="completed")).to_be_visible()
    assert ada.titles("status=completed") == ["Buy milk"]
    page.reload()
    expect(page.get_by_text("This browser blocks the cookies of this site.")).to_be_visible()
    log_in(page, ada)
    expect(row(page, "Buy milk")).to_be_visible()


def test_a_browser_that_is_full_says_that_a_change_was_not_made(context, server, ada):
    ada.add("Pay rent")
    complaints = Complaints()
    context.add_init_script(IS_FULL)
    page = open_as(context, server, complaints, ada, failures=True)
    expect(row(page, "Pay rent")).to_be_visible()
    is_live(page)
    context.set_offline(True)
    row(page, "Pay rent").get_by_role("button", name="Complete").click()
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    expect(row(page, "Pay rent").get_by_role("button", name="Complete")).to_be_visible()
    quick_add(page, "Buy milk")
    expect(page.get_by_role("textbox", name="Add a task").first).to_have_value("Buy milk")
    # What the browser could not keep is told to who looks, and to nobody else.
    assert not [line for line in complaints.all if line.startswith("error")]


def test_a_server_that_is_in_trouble_when_the_page_opens_ends_no_session(context, server, ada):
    ada.add("Pay rent")
    complaints = Complaints()
    page = open_as(context, server, complaints, ada, "/board", failures=True)
    for status in (429, 500, 503):
        expect(page.get_by_role("link", name="Pay rent")).to_be_visible()
        refusal = {"status": status, "content_type": "text/html", "body": "<h1>Not now</h1>"}
        context.route("**/api/**", lambda route: route.fulfill(**refusal))
        page.reload()
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        expect(page).to_have_url(f"{server.url}/board")
        context.unroute("**/api/**")
    expect(page.get_by_role("link", name="Pay rent")).to_be_visible()
    # What could not be read behind the view is told to who looks, and to nobody else.
    assert not [line for line in complaints.all if line.startswith("error")]


def test_an_undo_whose_answer_is_lost_is_tried_again_and_done_once(context, server, complaints, ada):
    task = ada.add("Pay rent")
    page = open_as(context, server, complaints, ada, failures=True)
    row(page, "Pay rent").get_by_role("button", name="Complete").click()
    expect(page.get_by_role("status").filter(has_text="completed")).to_be_visible()

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/undo", lose, times=1)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="Sent: Undone")).to_be_visible()
    assert ada.task(task["id"])["version"] == 3


def test_changes_that_wait_are_sent_when_a_busy_server_has_time(context, server, complaints, ada):
    task = ada.add("Pay rent")
    context.clock.install()
    page = open_as(context, server, complaints, ada, failures=True)
    expect(row(page, "Pay rent")).to_be_visible()
    is_live(page)
    has_worker(page)
    context.set_offline(True)
    row(page, "Pay rent").get_by_role("button", name="Complete").click()
    expect(page.get_by_text("1 change is not sent yet").first).to_be_attached()
    path = f"**/tasks/{task['id']}"
    busy = {"status": 503, "headers": {"Retry-After": "20"}, "json": {"status": 503, "title": "Busy"}}
    page.route(path, lambda route: route.fulfill(**busy))
    with page.expect_response(lambda response: response.status == 503):
        context.set_offline(False)
    page.unroute(path)
    context.clock.fast_forward(20_000)
    expect(page.get_by_role("status").filter(has_text="sent")).to_be_visible()
    assert ada.task(task["id"])["status"] == "completed"


def test_a_strange_way_back_after_log_in_leads_to_the_list(new_context, server, complaints, ada):
    for to in ("/%09/evil.example/", "/%0A/evil.example/", "%2F%5Cevil.example", "/login", "/register", "javascript:alert(1)"):
        page = open_page(new_context(), server, complaints, f"/login?to={to}")
        log_in(page, ada)
        expect(page).to_have_url(f"{server.url}/")
        expect(page.get_by_role("heading", name="List", exact=True)).to_be_visible()


def test_an_address_by_hand_that_names_nothing_shows_the_list(page, server, ada):
    ada.add("Pay rent")
    for query in ("group=constructor", "sort=nonsense", "task=1e400", "task=1.5", "task=abc"):
        page.goto(f"{server.url}/?{query}")
        expect(row(page, "Pay rent")).to_be_visible()
        expect(panel(page)).to_be_hidden()
        expect(page.locator(".error-notice")).to_be_hidden()


def test_a_day_by_hand_that_is_none_can_be_taken_out_again(context, server, complaints, ada):
    ada.add("Pay rent")
    page = open_as(context, server, complaints, ada, failures=True)
    for query in ("due_on=2026-99-99", "due_after=nonsense", "due_after=x&due_before=y", "date=nonsense", "created_before=1"):
        page.goto(f"{server.url}/?{query}")
        page.get_by_role("button", name="Filter", exact=True).click()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Clear").first.click()
        expect(row(page, "Pay rent")).to_be_visible()


def test_a_task_that_only_another_browser_knows_is_gone(page, server):
    page.goto(f"{server.url}/?task=-5")
    expect(panel(page).get_by_text("gone")).to_be_visible()


def test_a_page_for_which_the_server_has_no_stream_says_so_and_asks_from_time_to_time(context, server, complaints, ada):
    full = {"status": 429, "json": {"status": 429, "title": "Too many streams"}}
    context.route("**/api/v1/events**", lambda route: route.fulfill(**full))
    page = open_as(context, server, complaints, ada, failures=True)
    page.get_by_role("button", name="Not live").click()
    expect(page.get_by_role("dialog")).to_contain_text("too many pages of TaskFlow open")
    ada.add("Pay rent")
    page.get_by_role("button", name="Connect now").click()
    expect(page.get_by_text("Pay rent")).to_be_visible()
    # The server answers, so nothing was missed, and nothing waits.
    expect(page.get_by_text("while you were away")).to_have_count(0)
    context.unroute("**/api/v1/events**")
    # By itself, within the longest pause.
    expect(page.get_by_role("dialog")).to_contain_text("You see changes of other users at once", timeout=60_000)


def test_a_part_of_the_page_that_cannot_be_fetched_says_so(context, server, complaints, ada):
    ada.add("Pay rent")
    context.route("**/locales/en/task.js", lambda route: route.abort())
    page = open_as(context, server, complaints, ada, failures=True)
    page.get_by_role("link", name="Pay rent").click()
    expect(page.get_by_role("alert").filter(has_text="The server does not answer.")).to_be_visible()
    expect(row(page, "Pay rent")).to_be_visible()
