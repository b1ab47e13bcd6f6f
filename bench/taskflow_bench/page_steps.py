"""What a person with 10,000 tasks does on the page, and by what one sees that it has worked."""

import datetime
from dataclasses import dataclass
from typing import Callable

from .page import SCROLL_TARGET, SLOWER, TARGET

TASKS = 10_000
LABELS = ("home", "work", "garden", "travel", "office", "bug", "idea", "money")
PRIORITIES = ("low", "medium", "medium", "high", "critical")
# Four of ten are pending, three in progress, three completed.
STATUSES = ("pending",) * 4 + ("in_progress",) * 3 + ("completed",) * 3


def fill(server):
    """Somebody with tasks of every kind; a third of them have no due date, the others one within two months."""
    person = server.register("Ada")
    today = datetime.date.today()
    lines = ["title,description,status,priority,labels,due_on"]
    for number in range(1, TASKS + 1):
        due = "" if number % 3 == 0 else today + datetime.timedelta(days=number * 7 % 120 - 60)
        labels = ";".join(LABELS[(number + step) % len(LABELS)] for step in range(number % 4))
        status, priority = STATUSES[number % len(STATUSES)], PRIORITIES[number % len(PRIORITIES)]
        lines.append(f"Task {number:05} of a long list,What is to be done for it,{status},{priority},{labels},{due}")
    headers = {"Authorization": f"Bearer {person.token}", "Content-Type": "text/csv"}
    job = server.raw("POST", "/tasks/import", "\n".join(lines).encode(), headers)
    person.job(job["id"], within=300)
    return person


@dataclass
class Step:
    run: Callable
    prepare: Callable = lambda page, turn: None
    target: int = TARGET
    slower: int = 1


def until(page, event, act, effect):
    """Milliseconds from the event that the act causes to the frame that shows the effect."""
    page.evaluate(f"() => bench.arm({event!r}, () => {effect})")
    act()
    return page.evaluate("() => bench.result")


def address(path):
    """The page at an address, without loading it anew, and all of its tasks there; nothing is open or selected."""
    def go(page, turn=0):
        page.keyboard.press("Escape")
        page.evaluate("(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path)
        page.evaluate("bench.settle()")
        page.locator(SHOWN[path.split("?")[0]]).first.wait_for()
    return go


# What is there when a view is.
SHOWN = {"/": ".row .row-title", "/board": ".board-card", "/calendar": ".day-chip", "/dashboard": ".dashboard-view .tile"}


def switch(name, path, other):
    link = lambda page: page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)
    effect = f"document.querySelector({SHOWN[path]!r}) !== null"
    return Step(lambda page, turn: until(page, "click", link(page).click, effect), address(other))


def press(key, effect, prepare):
    return Step(lambda page, turn: until(page, "keydown", lambda: page.keyboard.press(key), effect), prepare)


def on_row(path="/"):
    """The focus is on the third row."""
    def prepare(page, turn):
        address(path)(page)
        page.locator(".row .row-title").nth(2).focus()
    return prepare


def open_task(page, turn):
    return until(page, "click", page.locator(".row .row-title").nth(turn).click, "document.querySelector('.task-panel .task-body') !== null")


def next_task(page, turn):
    page.evaluate("window.before = document.querySelector('.task-panel textarea').value")
    effect = "document.querySelector('.task-panel textarea')?.value !== before"
    return until(page, "keydown", lambda: page.keyboard.press("j"), effect)


def with_panel(page, turn):
    address("/")(page)
    page.locator(".row .row-title").nth(turn).click()
    page.locator(".task-panel .task-body").wait_for()


def with_filter_window(page, turn):
    address("/")(page)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator(".filter-choices .toggle").first.wait_for()


def choose_filter(page, turn):
    button = page.locator(".filter-choices").get_by_role("button", name="Critical")
    return until(page, "click", button.click, "document.querySelector('.hint[role=status]').textContent.startsWith('2,0')")


def with_line(page, turn):
    address("/")(page)
    page.get_by_role("textbox", name="Add a task").fill(f"Sweep {turn} the yard #home !high")


def add_line(page, turn):
    effect = f"document.querySelector('.row .row-title').textContent === 'Sweep {turn} the yard'"
    return until(page, "keydown", lambda: page.keyboard.press("Enter"), effect)


def complete(page, turn):
    row = page.locator(".row:not(.row-done)").nth(3)
    key = row.get_attribute("data-row")
    effect = f"document.querySelector('.row[data-row=\"{key}\"]').classList.contains('row-done')"
    return until(page, "click", row.locator(".check").click, effect)


def with_rename_box(page, turn):
    on_row("/?sort=title")(page, turn)
    page.keyboard.press("F2")
    page.keyboard.type(f"A task that was renamed {turn}")


def rename(page, turn):
    effect = f"[...document.querySelectorAll('.row-title')].some((title) => title.textContent === 'A task that was renamed {turn}')"
    return until(page, "keydown", lambda: page.keyboard.press("Enter"), effect)


def pick_up(page, turn):
    """A card is under way from the first column to the second."""
    address("/board")(page)
    start = page.locator('[data-status="pending"] .board-card').nth(1).bounding_box()
    end = page.locator('[data-status="in_progress"] .board-card').nth(1).bounding_box()
    page.mouse.move(start["x"] + 100, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + 100, end["y"] + 12, steps=20)


def put_down(page, turn):
    page.evaluate("window.before = document.querySelector('[data-status=in_progress] .count').textContent")
    effect = "document.querySelector('[data-status=in_progress] .count').textContent !== before"
    return until(page, "pointerup", page.mouse.up, effect)


def drag_about(page, turn):
    page.evaluate("() => { window.endOfWatch = bench.watchFrames(); }")
    box = page.locator('[data-status="in_progress"]').bounding_box()
    for place in range(30):
        page.mouse.move(box["x"] + 40 + place * 4, box["y"] + 200 + place * 10)
    longest = page.evaluate("() => endOfWatch()")
    page.keyboard.press("Escape")
    page.mouse.up()
    return longest


def scroll(path, selector, step, count):
    def prepare(page, turn):
        """At the top, as the view is when it opens."""
        address("/dashboard")(page)
        address(path)(page)
    return Step(
        lambda page, turn: page.evaluate("([selector, step, count]) => bench.scroll(selector, step, count)", [selector, step, count]),
        prepare, SCROLL_TARGET, SLOWER)


def with_group_menu(page, turn):
    address("/")(page)
    page.get_by_role("button", name="Group").click()
    page.get_by_role("menuitemradio", name="Label").wait_for()


def group(page, turn):
    item = page.get_by_role("menuitemradio", name="Label")
    return until(page, "click", item.click, "document.querySelector('.group-head') !== null")


def with_palette(page, turn):
    address("/")(page)
    page.keyboard.press("Control+k")
    page.locator("dialog.palette input").wait_for()


def find(page, turn):
    effect = "[...document.querySelectorAll('.palette .menu-label')].some((one) => one.textContent.startsWith('Task 0'))"
    return until(page, "input", lambda: page.locator("dialog.palette input").fill(f"0{turn}123"), effect)


STEPS = {
    "open the board": switch("Board", "/board", "/"),
    "open the calendar": switch("Calendar", "/calendar", "/"),
    "open the dashboard": switch("Dashboard", "/dashboard", "/"),
    "open the list": switch("List", "/", "/dashboard"),
    "open a task": Step(open_task, address("/")),
    "next task with the details open": Step(next_task, with_panel),
    "open the palette": press("Control+k", "document.querySelector('dialog.palette[open]') !== null", address("/")),
    "find a task in the palette": Step(find, with_palette),
    "filter": Step(choose_filter, with_filter_window),
    "type in quick add": Step(
        lambda page, turn: until(page, "input", lambda: page.keyboard.type("x"), "true"), with_line),
    "quick add": Step(add_line, with_line),
    "select a task": press("x", "document.querySelector('.row-selected') !== null", on_row()),
    "select all": press("Control+a", "document.querySelector('.selection-bar strong')?.textContent.startsWith('10,0')", on_row()),
    "complete": Step(complete, address("/")),
    "rename in the row": Step(rename, with_rename_box),
    "group by label": Step(group, with_group_menu),
    "drop a card": Step(put_down, pick_up),
    "a frame of dragging, 4× slower": Step(drag_about, pick_up, SCROLL_TARGET, SLOWER),
    "a step in the list, 4× slower": scroll("/", ".rows-scroll", 600, 60),
    "a jump in the list, 4× slower": scroll("/", ".rows-scroll", 40_000, 8),
    "a step on the board, 4× slower": scroll("/board", "[data-status=pending] .column-scroll", 600, 60),
    "a step in the week, 4× slower": scroll("/calendar?week=", ".calendar-grid", 300, 10),
}
