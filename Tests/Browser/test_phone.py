"""On a phone: taps open, swipes scroll, only the handle drags."""

import pytest
from playwright.sync_api import expect

from browser import open_as, quick_add


@pytest.fixture
def phone(new_context, server, complaints, ada):
    return open_as(new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True), server, complaints, ada)


def test_add_open_and_complete_by_touch(phone, ada):
    quick_add(phone, "Pay rent")
    phone.get_by_role("link", name="Pay rent").tap()
    expect(phone.get_by_role("textbox", name="Title")).to_have_value("Pay rent")
    phone.get_by_role("button", name="Close the task").tap()
    expect(phone.get_by_role("textbox", name="Title")).to_have_count(0)
    phone.get_by_role("button", name="Complete").first.tap()
    expect(phone.get_by_role("status").filter(has_text="Completed “Pay rent”")).to_be_visible()


def test_the_menu_leads_to_every_view(phone):
    phone.get_by_role("button", name="Menu").tap()
    phone.get_by_role("link", name="Board", exact=True).tap()
    expect(phone.get_by_role("region", name="Pending", exact=True)).to_be_visible()
    expect(phone.get_by_role("link", name="Calendar")).not_to_be_visible()
