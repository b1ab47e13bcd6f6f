"""A stranger opens the page, makes an account, and has their first tasks, without having read anything."""

from playwright.sync_api import expect

from browser import open_as, open_page, quick_add, row
from server import PASSWORD


def test_register_add_complete_undo(context, server, complaints, name):
    page = open_page(context, server, complaints)
    page.get_by_role("link", name="Create account").click()
    page.get_by_role("textbox", name="E-mail").fill(f"new-{name}@example.org")
    page.get_by_role("textbox", name="Name").fill("Ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()

    quick_add(page, "Pay rent")
    expect(page.get_by_role("region", name="Tasks").get_by_role("link", name="Pay rent")).to_be_visible()
    row(page, "Pay rent").get_by_role("button", name="Complete").click()
    expect(page.get_by_role("status").filter(has_text="Completed “Pay rent”")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Pay rent").get_by_role("button", name="Complete")).to_be_visible()

    # Still there, and still logged in.
    page.reload()
    expect(row(page, "Pay rent").get_by_role("button", name="Complete")).to_be_visible()


def test_the_same_box_says_why_and_keeps_the_text(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, failures=True)
    quick_add(page, "x" * 256)
    expect(page.get_by_role("alert").filter(has_text="255")).to_be_visible()
    expect(page.get_by_role("textbox", name="Add a task")).to_have_value("x" * 256)
    assert ada.titles() == []
    page.get_by_role("textbox", name="Add a task").fill("")


def test_wrong_password_is_told_beside_the_form(context, server, complaints, ada):
    page = open_page(context, server, complaints, failures=True)
    page.get_by_role("textbox", name="E-mail").fill(ada.email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert").filter(has_text="password")).to_be_visible()
    expect(page).to_have_url(f"{server.url}/login?to=%2F")


def test_no_token_in_storage(page, context, ada):
    stored = page.evaluate("JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + document.cookie")
    assert "eyJ" not in stored and "rt=" not in stored
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies["rt"]["httpOnly"] and cookies["rt"]["sameSite"] == "Strict"


def test_markup_in_a_title_is_text(page, ada):
    ada.add("<img src=x onerror=alert(1)><b>bold</b>")
    page.reload()
    expect(page.get_by_role("link", name="<img src=x onerror=alert(1)><b>bold</b>")).to_be_visible()
    assert page.locator("img").count() == 0


def test_log_out_ends_every_tab(page, context, server, complaints, ada):
    other = open_page(context, server, complaints, failures=True)
    expect(other.get_by_role("textbox", name="Add a task").first).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    expect(other.get_by_role("button", name="Log in")).to_be_visible()
