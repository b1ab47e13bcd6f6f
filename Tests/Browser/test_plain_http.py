"""On a host without HTTPS a browser has no service worker, no locks, no clipboard: the page works all the same."""

import re

import pytest
from playwright.sync_api import expect

from browser import log_in, quick_add, row
from test_two_people import is_live

HOST = "tasks.example"


@pytest.fixture
def plain(launch, server, ada, complaints):
    """Ada's list by a name that is not localhost."""
    browser = launch(f"--host-resolver-rules=MAP {HOST} 127.0.0.1")
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    page.set_default_timeout(10_000)
    complaints.follow(page)
    page.goto(f"http://{HOST}:{server.port}/")
    log_in(page, ada)
    return page


def test_tasks_are_added_kept_and_seen_live(plain, ada):
    assert not plain.evaluate("isSecureContext")
    quick_add(plain, "Pay rent")
    expect(row(plain, "Pay rent")).to_be_visible()
    plain.reload()
    expect(row(plain, "Pay rent")).to_be_visible()
    is_live(plain)
    ada.add("Buy milk")
    expect(row(plain, "Buy milk")).to_be_visible(timeout=1_000)


def test_a_link_is_copied(plain, ada):
    task = ada.add("Pay rent")
    plain.goto(f"{plain.url.split('?')[0]}?task={task['id']}")
    plain.get_by_role("button", name="Copy link").click()
    expect(plain.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    expect(plain.get_by_role("button", name="Copy link")).to_be_focused()
    box = plain.get_by_role("textbox", name="Add a task")
    box.press("Control+v")
    expect(box).to_have_value(re.compile(rf"/\?task={task['id']}$"))
    box.fill("")


def test_a_link_that_the_browser_does_not_let_the_page_copy_is_shown(plain, ada):
    task = ada.add("Pay rent")
    plain.goto(f"{plain.url.split('?')[0]}?task={task['id']}")
    plain.evaluate("document.execCommand = () => false")
    plain.get_by_role("button", name="Copy link").click()
    expect(plain.get_by_role("status").filter(has_text=f"?task={task['id']}")).to_be_visible()
