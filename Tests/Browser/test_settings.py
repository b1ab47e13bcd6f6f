"""One's own account: the password, the devices, the tokens."""

import pytest
from playwright.sync_api import expect

from browser import open_as
from server import PASSWORD


def test_a_new_password_holds_and_ends_the_other_sessions(new_context, server, complaints, ada):
    page = open_as(new_context(), server, complaints, ada, "/settings/password")
    other = open_as(new_context(), server, complaints, ada, failures=True)
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill("another horse battery")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status").filter(has_text="Your password is changed")).to_be_visible()
    expect(page.get_by_label("New password")).to_have_value("")
    page.reload()
    expect(page.get_by_label("New password")).to_be_visible()
    # Elsewhere the old one opens nothing any more, the new one does.
    other.reload()
    other.get_by_role("textbox", name="E-mail").fill(ada.email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_role("alert").filter(has_text="password")).to_be_visible()
    other.get_by_label("Password", exact=True).fill("another horse battery")
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_role("textbox", name="Add a task").first).to_be_visible()


def test_a_token_is_shown_once_copied_and_revoked(new_context, server, complaints, ada):
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = open_as(context, server, complaints, ada, "/settings/tokens")
    page.get_by_role("button", name="Create token").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Nightly script")
    dialog.get_by_role("button", name="Create token").click()
    token = dialog.locator("code").inner_text()
    dialog.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token
    assert server.ask("GET", "/tasks", headers={"Authorization": f"Bearer {token}"})["data"] == []
    dialog.get_by_role("button", name="Done").click()
    page.reload()
    expect(page.get_by_role("row").filter(has_text="Nightly script")).to_be_visible()
    expect(page.get_by_text(token)).to_have_count(0)
    page.get_by_role("row").filter(has_text="Nightly script").get_by_role("button", name="Revoke").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("status").filter(has_text="is revoked")).to_be_visible()
    with pytest.raises(AssertionError, match="401"):
        server.ask("GET", "/tasks", headers={"Authorization": f"Bearer {token}"})


def test_other_devices_are_logged_out_and_this_one_stays(new_context, server, complaints, ada):
    lost = open_as(new_context(), server, complaints, ada, failures=True)
    page = open_as(new_context(), server, complaints, ada, "/settings/sessions")
    page.get_by_role("button", name="Log out all others").click()
    page.get_by_role("dialog").get_by_role("button", name="Log out all others").click()
    expect(page.get_by_role("status").filter(has_text="logged out")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="this one")).to_be_visible()
    # The lost one is asked for the password, without a reload.
    expect(lost.get_by_role("button", name="Log in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("row").filter(has_text="this one")).to_be_visible()


def test_what_is_typed_into_a_form_outlives_a_reload_and_is_given_up_with_it(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, "/settings/profile", failures=True)
    page.get_by_role("textbox", name="Name", exact=True).fill("Ada Lovelace")
    page.goto(f"{server.url}/settings/webhooks")
    page.get_by_role("button", name="Create webhook").click()
    page.get_by_label("URL").fill("https://example.org/tasks")
    page.reload()
    page.get_by_role("button", name="Create webhook").click()
    expect(page.get_by_label("URL")).to_have_value("https://example.org/tasks")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Create webhook").click()
    expect(page.get_by_label("URL")).to_have_value("")
    page.goto(f"{server.url}/settings/profile")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Ada Lovelace")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    # What somebody else changed since is not overwritten by what was typed before.
    page.get_by_role("textbox", name="Name", exact=True).fill("Ada, Countess of Lovelace")
    ada.ask("PATCH", "/users/me", {"name": "Ada King"})
    page.reload()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Ada King")


def test_a_password_that_is_typed_is_kept_nowhere(context, server, complaints):
    page = open_as(context, server, complaints, server.admin(), "/admin/users", failures=True)
    page.get_by_role("button", name="Create account").or_(page.get_by_role("button", name="Create user")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="E-mail").fill("secretive@example.org")
    dialog.get_by_label("Password").fill("a password for somebody")
    kept = page.evaluate("JSON.stringify({ ...localStorage })")
    assert "secretive@example.org" in kept and "a password" not in kept
