"""The calendar: tasks by day in the account's time zone, moved by drag, by keys and by a date."""

import pytest
from playwright.sync_api import expect

from browser import open_as

# The clocks in Berlin go back on 25 October 2026.
FRIDAY_BEFORE = "2026-10-23T07:30:00.000Z"
TUESDAY_AFTER = "2026-10-27T08:30:00.000Z"


@pytest.fixture
def berlin(ada):
    version = ada.ask("GET", "/users/me")["version"]
    ada.ask("PATCH", "/users/me", {"time_zone": "Europe/Berlin"}, {"If-Match": f'"{version}"'})
    return ada


@pytest.fixture
def october(new_context, server, complaints, berlin):
    # The zone of the browser is another one on purpose.
    context = new_context(timezone_id="America/New_York")
    return open_as(context, server, complaints, berlin, "/calendar?month=2026-10")


def day(page, name):
    """The cell of a day of the grid, by the beginning of its name."""
    return page.get_by_role("gridcell").filter(has=page.get_by_role("button", name=name))


def test_a_dragged_task_keeps_its_time_of_day_across_a_clock_change(october, berlin):
    task = berlin.add("Call Grace", due_at=FRIDAY_BEFORE)
    october.reload()
    expect(day(october, "Friday, 23 October 2026")).to_contain_text("09:30")
    october.get_by_role("link", name="Call Grace").drag_to(day(october, "Tuesday, 27 October 2026"), target_position={"x": 60, "y": 70})
    expect(day(october, "Tuesday, 27 October 2026")).to_contain_text("09:30")
    expect(october.get_by_role("status").filter(has_text="“Call Grace” is due")).to_be_visible()
    assert berlin.task(task["id"])["due_at"] == TUESDAY_AFTER


def test_a_task_for_a_day_stays_one(october, berlin):
    task = berlin.add("Pay rent", due_on="2026-10-01")
    october.reload()
    october.get_by_role("link", name="Pay rent").drag_to(day(october, "Friday, 2 October 2026"), target_position={"x": 60, "y": 70})
    expect(day(october, "Friday, 2 October 2026")).to_contain_text("Pay rent")
    expect(october.get_by_role("status").filter(has_text="“Pay rent” is due")).to_be_visible()
    after = berlin.task(task["id"])
    assert (after["due_on"], after["due_at"]) == ("2026-10-02", None)


def test_keys_walk_carry_and_give_up(october, berlin):
    task = berlin.add("Call Grace", due_at=FRIDAY_BEFORE)
    october.reload()
    link = october.get_by_role("link", name="Call Grace")
    expect(link).to_be_visible()
    october.get_by_role("button", name="Thursday, 22 October 2026").focus()
    october.keyboard.press("ArrowRight")
    expect(october.get_by_role("button", name="Friday, 23 October 2026")).to_be_focused()
    october.keyboard.press("ArrowDown")
    october.keyboard.press("ArrowUp")
    october.keyboard.press("Tab")
    expect(link).to_be_focused()
    october.keyboard.press("Space")
    expect(october.get_by_text("is picked up: Friday, 23 October 2026")).to_be_attached()
    october.keyboard.press("ArrowDown")
    expect(october.get_by_text("“Call Grace”: Friday, 30 October 2026.")).to_be_attached()
    october.keyboard.press("Escape")
    expect(day(october, "Friday, 23 October 2026")).to_contain_text("Call Grace")
    expect(link).to_be_focused()
    october.keyboard.press("Space")
    october.keyboard.press("PageDown")
    expect(october.get_by_role("heading", name="November 2026")).to_be_visible()
    october.keyboard.press("Space")
    expect(october.get_by_role("status").filter(has_text="“Call Grace” is due")).to_be_visible()
    expect(link).to_be_focused()
    assert berlin.task(task["id"])["due_at"] == "2026-11-23T08:30:00.000Z"


def test_a_task_put_down_while_its_month_is_read_stays_there(october, berlin):
    berlin.add("Call Grace", due_at=FRIDAY_BEFORE)
    october.reload()
    link = october.get_by_role("link", name="Call Grace")
    link.focus()
    october.keyboard.press("Space")
    held = []
    # November as it was before the change, in an answer that arrives after it.
    october.route("**/api/v1/tasks?*due_after=2026-10-2*", lambda route: held.append((route, route.fetch())))
    october.keyboard.press("PageDown")
    expect(october.get_by_role("heading", name="November 2026")).to_be_visible()
    october.keyboard.press("Space")
    expect(october.get_by_role("status").filter(has_text="“Call Grace” is due")).to_be_visible()
    expect(link).to_be_focused()
    route, answer = held.pop()
    with october.expect_response("**/api/v1/tasks?*due_after=2026-10-2*"):
        route.fulfill(response=answer)
    expect(day(october, "Monday, 23 November 2026")).to_contain_text("Call Grace")
    expect(link).to_be_focused()


def test_more_opens_the_day_and_a_task_is_added_to_it(october, berlin):
    for number in range(9):
        berlin.add(f"Task {number}", due_on="2026-10-14")
    october.reload()
    day(october, "Wednesday, 14 October 2026").get_by_role("button", name="more").click()
    window = october.get_by_role("dialog", name="Wednesday, 14 October 2026")
    expect(window.get_by_role("listitem")).to_have_count(9)
    expect(window.get_by_role("textbox", name="Add a task")).to_be_focused()
    october.keyboard.type("Pay rent")
    october.keyboard.press("Enter")
    expect(window.get_by_role("listitem")).to_have_count(10)
    october.keyboard.press("Escape")
    expect(october.get_by_role("button", name="Wednesday, 14 October 2026, 10 tasks")).to_be_focused()
    assert berlin.titles("due_on=2026-10-14&q=rent") == ["Pay rent"]


def test_the_week_begins_as_the_person_wants(october, berlin):
    berlin.ask("PATCH", "/users/me/preferences", {"first_weekday": "sunday"})
    october.reload()
    expect(october.get_by_role("columnheader").first).to_have_accessible_name("Sunday")
    october.get_by_role("link", name="Week", exact=True).click()
    expect(october.get_by_role("columnheader")).to_have_count(7)
    expect(october.get_by_role("columnheader").first).to_have_accessible_name("Sunday")


def test_a_task_for_a_day_is_on_its_day_in_every_time_zone(new_context, server, complaints, ada):
    ada.add("Pay rent", due_on="2026-10-14")
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        version = ada.ask("GET", "/users/me")["version"]
        ada.ask("PATCH", "/users/me", {"time_zone": zone}, {"If-Match": f'"{version}"'})
        page = open_as(new_context(timezone_id=zone), server, complaints, ada, "/calendar?month=2026-10")
        expect(day(page, "Wednesday, 14 October 2026")).to_contain_text("Pay rent")


def test_a_phone_shows_a_list_of_days(new_context, server, complaints, berlin):
    task = berlin.add("Call Grace", due_at=FRIDAY_BEFORE)
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = open_as(context, server, complaints, berlin, "/calendar?month=2026-10")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Call Grace")).last
    row.get_by_role("button", name="Move to…").tap()
    page.get_by_label("Day", exact=True).fill("2026-10-27")
    page.get_by_role("button", name="Set due date").tap()
    expect(page.get_by_role("status").filter(has_text="“Call Grace” is due")).to_be_visible()
    assert berlin.task(task["id"])["due_at"] == TUESDAY_AFTER
    assert page.evaluate("document.documentElement.scrollWidth") == 390
