"""From log-in to a finished batch without a mouse, and keys on other keyboards."""

from playwright.sync_api import expect

from browser import open_page
from server import PASSWORD


def test_log_in_to_finished_batch(context, server, complaints, ada):
    for number in range(4):
        ada.add(f"Task {number}")
    page = open_page(context, server, complaints)
    expect(page.get_by_role("textbox", name="E-mail")).to_be_focused()
    page.keyboard.type(ada.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Task 3")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_role("status").filter(has_text="3 tasks")).to_be_visible()
    assert sorted(ada.titles("status=completed")) == ["Task 1", "Task 2", "Task 3"]
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
    assert ada.titles("status=completed") == []


def press_on_layout(page, key, code):
    """A key as a keyboard with another layout sends it: its letter and its place."""
    page.evaluate(
        """([key, code]) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }))""",
        [key, code],
    )


def test_keys_work_on_a_cyrillic_layout_and_by_letter_on_azerty(page, ada):
    page.locator("body").click(position={"x": 600, "y": 600})
    press_on_layout(page, "п", "KeyG")
    press_on_layout(page, "и", "KeyB")
    expect(page.get_by_role("region", name="Pending", exact=True)).to_be_visible()
    # “q” is where a QWERTY keyboard has “a”; the letter counts.
    press_on_layout(page, "q", "KeyA")
    expect(page.get_by_role("textbox", name="Add a task").first).to_be_focused()


def test_the_list_of_keys_and_the_palette(page, ada):
    ada.add("Pay rent")
    page.locator("body").click(position={"x": 600, "y": 600})
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    expect(keys.get_by_text("Undo").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("Pay r")
    expect(page.get_by_role("option", name="Pay rent")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Pay rent")
    page.keyboard.press("Control+k")
    page.keyboard.type("Dashboard")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()


def test_single_keys_can_be_switched_off(page, ada):
    ada.ask("PATCH", "/users/me/preferences", {"single_keys": False})
    page.reload()
    expect(page.get_by_role("textbox", name="Add a task").first).to_be_visible()
    page.locator("body").click(position={"x": 600, "y": 600})
    page.keyboard.press("?")
    page.keyboard.press("q")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Add a task").first).not_to_be_focused()
