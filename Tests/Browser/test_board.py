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
