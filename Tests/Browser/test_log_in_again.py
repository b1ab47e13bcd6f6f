"""Access ends while somebody works: they log in over the page, and go on exactly where they were."""

from playwright.sync_api import expect

from browser import has_kept, open_as, open_page, quick_add, row
from server import PASSWORD
from test_two_people import is_live


def end_unheard(ada, *pages):
    """The pages hear of the end of the session by nothing but what their person does next."""
    for page in pages:
        is_live(page)
        has_kept(page, "feed")
        page.route("**/api/v1/events**", lambda route: route.abort())
        page.route("**/api/v1/changes?**", lambda route: route.abort())
    ada.ask("POST", "/auth/logout?all=true")


def over_the_page(page):
    return page.get_by_role("dialog", name="Log in")


def log_in_over(page):
    dialog = over_the_page(page)
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Log in").click()
    expect(dialog).to_have_count(0)


def test_what_was_on_its_way_is_sent_after_the_log_in(context, server, complaints, ada):
    ada.add("Pay rent")
    page = open_as(context, server, complaints, ada, failures=True)
    expect(row(page, "Pay rent")).to_be_visible()
    end_unheard(ada, page)
    row(page, "Pay rent").get_by_role("button", name="Complete").click()
    expect(over_the_page(page)).to_contain_text("Your session has ended")
    expect(over_the_page(page).get_by_label("Password", exact=True)).to_be_focused()
    assert ada.email == over_the_page(page).get_by_role("textbox", name="E-mail").input_value()
    log_in_over(page)
    expect(page.get_by_role("status").filter(has_text="Completed “Pay rent”")).to_be_visible()


def test_a_form_that_is_filled_in_is_still_there(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, "/settings/webhooks", failures=True)
    page.get_by_role("button", name="Create webhook").click()
    form = page.get_by_role("dialog", name="Create webhook")
    form.get_by_label("URL").fill("http://127.0.0.1:9/tasks")
    end_unheard(ada, page)
    form.get_by_role("button", name="Create webhook").click()
    log_in_over(page)
    expect(page.get_by_text("whsec_")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("http://127.0.0.1:9/tasks")).to_be_visible()


def test_nothing_behind_the_log_in_is_seen_or_reached(context, server, complaints, ada):
    ada.add("Pay rent")
    page = open_as(context, server, complaints, ada, failures=True)
    expect(row(page, "Pay rent")).to_be_visible()
    end_unheard(ada, page)
    quick_add(page, "Buy milk")
    dialog = over_the_page(page)
    expect(dialog).to_be_visible()
    # Whoever stands before the screen now sees no task of the person who was logged in.
    assert dialog.evaluate("(one) => getComputedStyle(one, '::backdrop').backgroundColor").startswith("rgb(")
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(1)
    log_in_over(page)
    expect(row(page, "Buy milk")).to_be_visible()


def test_one_log_in_is_enough_for_all_tabs(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, failures=True)
    other = open_page(context, server, complaints, "/board", failures=True)
    expect(other.get_by_role("heading", name="Board")).to_be_visible()
    end_unheard(ada, page, other)
    quick_add(page, "Buy milk")
    quick_add(other, "Buy bread")
    expect(over_the_page(other)).to_be_visible()
    log_in_over(page)
    expect(over_the_page(other)).to_have_count(0)
    expect(other.get_by_role("link", name="Buy bread")).to_be_visible()
    expect(page.get_by_role("link", name="Buy milk")).to_be_visible()


def test_a_wrong_password_is_told_and_the_log_in_stays(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, failures=True)
    end_unheard(ada, page)
    quick_add(page, "Buy milk")
    dialog = over_the_page(page)
    dialog.get_by_label("Password", exact=True).fill("not the password")
    dialog.get_by_role("button", name="Log in").click()
    expect(dialog.get_by_role("alert").filter(has_text="password")).to_be_visible()
    log_in_over(page)
    expect(row(page, "Buy milk")).to_be_visible()
    assert ada.email == page.evaluate("JSON.parse(localStorage['taskflow-user']).email")


def test_who_wants_to_log_out_is_not_asked_to_log_in(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, failures=True)
    end_unheard(ada, page)
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{server.url}/login")


def test_a_page_that_does_nothing_hears_of_it_and_goes_on_live(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, failures=True)
    is_live(page)
    ada.ask("POST", "/auth/logout?all=true")
    log_in_over(page)
    is_live(page)
    ada.token = server.ask("POST", "/auth/login", {"email": ada.email, "password": PASSWORD})["access_token"]
    ada.add("Pay rent")
    expect(row(page, "Pay rent")).to_be_visible()
