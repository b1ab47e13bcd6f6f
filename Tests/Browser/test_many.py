"""Ten thousand tasks, and changes of very many at once."""

from playwright.sync_api import expect

from browser import open_as


def test_ten_thousand_tasks_scroll_select_change_and_come_back(context, server, complaints, ada):
    ada.add_many(10_000)
    page = open_as(context, server, complaints, ada, "/?sort=title")
    expect(page.get_by_role("link", name="Task 00001")).to_be_visible()
    expect(page.get_by_text("10,000 tasks")).to_be_visible(timeout=20_000)
    # Only what is seen is in the page.
    assert page.get_by_role("region", name="Tasks").get_by_role("listitem").count() < 200
    page.locator("[data-scroller]").evaluate("(element) => { element.scrollTop = element.scrollHeight / 2; }")
    expect(page.get_by_role("link", name="Task 05000", exact=True)).to_be_visible()

    page.get_by_role("link", name="Task 05000", exact=True).focus()
    page.keyboard.press("x")
    page.get_by_role("button", name="Select all 10,000 that match").click()
    page.get_by_role("toolbar", name="Selected tasks").get_by_role("button", name="Archive").click()
    expect(page.get_by_role("status").filter(has_text="Archived 10,000 tasks")).to_be_visible(timeout=180_000)
    assert ada.ask("GET", "/tasks?archived=true&count=true&limit=1")["meta"]["total"] == 10_000
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible(timeout=180_000)
    assert ada.ask("GET", "/tasks?archived=true&count=true&limit=1")["meta"]["total"] == 0


def test_back_restores_the_filter_the_place_and_the_focus(context, server, complaints, ada):
    ada.add_many(500)
    page = open_as(context, server, complaints, ada, "/?sort=title&priority=medium")
    expect(page.get_by_text("500 tasks")).to_be_visible()
    scroller = page.locator("[data-scroller]")
    scroller.evaluate("(element) => { element.scrollTop = 4000; }")
    title = page.get_by_role("region", name="Tasks").get_by_role("link").nth(10).inner_text()
    page.get_by_role("link", name=title, exact=True).focus()
    page.get_by_role("link", name="Dashboard").first.click()
    expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name=title, exact=True)).to_be_focused()
    assert abs(scroller.evaluate("(element) => element.scrollTop") - 4000) < 5
    assert page.url.endswith("/?sort=title&priority=medium")


def test_a_long_change_and_its_undo_say_that_they_are_under_way(context, server, complaints, ada):
    ada.add_many(3)
    page = open_as(context, server, complaints, ada)
    held = []
    page.route("**/tasks/batch", lambda route: held.append(route))
    page.route("**/undo", lambda route: held.append(route))
    page.get_by_role("link", name="Task 00001").focus()
    page.keyboard.press("Control+a")
    page.get_by_role("toolbar", name="Selected tasks").get_by_role("button", name="Archive").click()
    status = page.get_by_role("status")
    expect(status.filter(has_text="Changing 3 tasks…")).to_be_visible()
    held.pop().continue_()
    expect(status.filter(has_text="Archived 3 tasks.")).to_be_visible()
    expect(status.filter(has_text="Changing")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(status.filter(has_text="Undoing…")).to_be_visible()
    held.pop().continue_()
    expect(status.filter(has_text="Undone")).to_be_visible()
    expect(status.filter(has_text="Undoing…")).to_have_count(0)
    expect(page.get_by_role("link", name="Task 00001")).to_be_visible()


def test_the_board_brings_more_cards_while_nobody_asks(context, server, complaints, ada):
    ada.add_many(60)
    page = open_as(context, server, complaints, ada, "/board")
    page.wait_for_function("() => document.querySelectorAll('[data-status=pending] .board-card').length >= 50")
    assert page.locator("[data-status=pending] .column-scroll").evaluate("(element) => element.scrollTop") == 0


def test_rows_that_fly_by_show_their_titles_and_then_the_rest(context, server, complaints, ada):
    ada.add_many(500, priority="critical")
    page = open_as(context, server, complaints, ada, "/?sort=title")
    expect(page.get_by_text("500 tasks")).to_be_visible()
    page.locator("[data-scroller]").evaluate("(element) => { element.scrollTop = 4000; }")
    flown = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Task 00095", exact=True))
    expect(flown).to_be_visible()
    expect(flown.get_by_role("button", name="Priority: Critical")).to_be_visible()
    flown.get_by_role("button", name="Complete").click()
    expect(flown.get_by_role("button", name="Reopen")).to_be_visible()
