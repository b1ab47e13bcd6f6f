"""The board: three columns, cards moved by drag, by keys and by a menu."""

import re

import pytest
from playwright.sync_api import expect

from browser import open_as, quick_add


@pytest.fixture
def board(context, server, complaints, ada):
    return open_as(context, server, complaints, ada, "/board")


def column(page, name):
    return page.get_by_role("region", name=name, exact=True)


def cards(page, name):
    return column(page, name).get_by_role("listitem").get_by_role("link")


def drag(page, source, target):
    start, end = source.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.mouse.up()


def test_add_drag_complete_undo(board, ada):
    quick_add(board, "Pay rent")
    expect(cards(board, "Pending")).to_have_text(["Pay rent"])
    drag(board, cards(board, "Pending").first, column(board, "In progress"))
    expect(cards(board, "In progress")).to_have_text(["Pay rent"])
    expect(board.get_by_role("status").filter(has_text="Moved")).to_be_visible()
    assert ada.ask("GET", "/tasks")["data"][0]["status"] == "in_progress"
    column(board, "In progress").get_by_role("button", name="Complete").click()
    expect(cards(board, "Completed")).to_have_text(["Pay rent"])
    board.get_by_role("button", name="Undo").click()
    expect(cards(board, "In progress")).to_have_text(["Pay rent"])


def test_the_manual_order_survives_a_reload(board, ada):
    for title in ("Third", "Second", "First"):
        ada.add(title)
    board.reload()
    expect(cards(board, "Pending")).to_have_text(["First", "Second", "Third"])
    drag(board, cards(board, "Pending").filter(has_text="Third"), cards(board, "Pending").filter(has_text="First"))
    expect(cards(board, "Pending").last).to_have_text("Second")
    order = cards(board, "Pending").all_text_contents()
    assert "Third" in order[:2]
    expect(board.get_by_role("status").filter(has_text="Moved")).to_be_visible()
    board.reload()
    expect(cards(board, "Pending")).to_have_text(order)


def test_a_card_is_moved_by_keys_and_each_step_is_announced(board, ada):
    ada.add("Pay rent")
    board.reload()
    cards(board, "Pending").first.focus()
    board.keyboard.press("Space")
    expect(board.get_by_text("is picked up")).to_be_attached()
    board.keyboard.press("ArrowRight")
    expect(board.get_by_text("In progress, place 1 of 1")).to_be_attached()
    board.keyboard.press("Space")
    expect(cards(board, "In progress")).to_have_text(["Pay rent"])
    expect(cards(board, "In progress").first).to_be_focused()


def test_move_to(board, ada):
    ada.add("Pay rent")
    board.reload()
    column(board, "Pending").get_by_role("button", name=re.compile("^More")).first.click()
    board.get_by_role("menuitem", name="Move to…").click()
    board.get_by_role("menuitem", name=re.compile("^Completed")).first.click()
    expect(cards(board, "Completed")).to_have_text(["Pay rent"])


def test_heads_count_what_the_filter_shows(board, ada, server):
    for number in range(3):
        ada.add(f"Task {number}", labels=["home"] if number else [])
    board.goto(f"{server.url}/board?label=home")
    expect(cards(board, "Pending")).to_have_count(2)
    expect(column(board, "Pending").get_by_role("heading")).to_contain_text("2")


def test_a_card_that_others_move_does_not_break_a_drag(board, ada):
    ids = {title: ada.add(title)["id"] for title in ("Third", "Second", "First")}
    board.reload()
    expect(cards(board, "Pending")).to_have_text(["First", "Second", "Third"])
    start, end = cards(board, "Pending").first.bounding_box(), column(board, "In progress").bounding_box()
    board.mouse.move(start["x"] + 20, start["y"] + 10)
    board.mouse.down()
    board.mouse.move(end["x"] + 100, end["y"] + 200, steps=12)
    ada.ask("PATCH", f"/tasks/{ids['Second']}", {"status": "completed"})
    expect(column(board, "Completed").get_by_role("heading")).to_contain_text("1")
    board.mouse.up()
    expect(cards(board, "In progress")).to_have_text(["First"])
    expect(cards(board, "Pending")).to_have_text(["Third"])
    expect(cards(board, "Completed")).to_have_text(["Second"])


def test_a_swipe_scrolls_and_only_the_handle_drags(new_context, server, complaints, ada):
    for number in range(20, 0, -1):
        ada.add(f"Task {number:02}")
    phone = open_as(new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True), server, complaints, ada, "/board")
    expect(cards(phone, "Pending").first).to_have_text("Task 01")
    touch = phone.context.new_cdp_session(phone)

    def swipe(x, start, end):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": start}]})
        for step in range(1, 16):
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": start + (end - start) * step / 15}]})
            phone.wait_for_timeout(20)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe(150, 600, 300)
    phone.wait_for_function("document.querySelector('[data-status=pending] .column-scroll').scrollTop > 100")
    expect(cards(phone, "Pending").first).to_have_text("Task 01")
    phone.evaluate("document.querySelector('[data-status=pending] .column-scroll').scrollTop = 0")
    handles = column(phone, "Pending").locator(".card-handle")
    first, third = handles.nth(0).bounding_box(), handles.nth(2).bounding_box()
    swipe(first["x"] + 20, first["y"] + 20, third["y"] + 30)
    expect(phone.get_by_role("status").filter(has_text="Moved “Task 01”")).to_be_visible()
    expect(cards(phone, "Pending").first).to_have_text("Task 02")


def test_the_whole_board_is_seen_beside_an_open_task(page, server, ada):
    task = ada.add("Write the report")
    page.goto(f"{server.url}/board?task={task['id']}")
    expect(page.get_by_role("complementary", name="Task details").or_(page.get_by_role("region", name="Task details")).first).to_be_visible()
    column = page.get_by_role("region", name="Completed")
    expect(column).to_be_visible()
    # At 1280 pixels, without scrolling sideways.
    board = page.locator(".board")
    assert board.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
