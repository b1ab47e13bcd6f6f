"""Being logged in: renewed silently, shared by tabs, ended for good."""

from playwright.sync_api import expect

from browser import log_in, open_as, open_page, quick_add


def test_ten_tabs_renew_once(context, server, complaints, ada):
    context.clock.install()
    pages = [open_as(context, server, complaints, ada)]
    pages += [open_page(context, server, complaints) for _ in range(9)]
    for page in pages:
        expect(page.get_by_role("textbox", name="Add a task").first).to_be_visible()
    renewals = []
    context.on("request", lambda request: renewals.append(request) if request.url.endswith("/auth/refresh") else None)
    # Sixteen minutes later the access token of all of them has expired.
    context.clock.fast_forward(16 * 60 * 1000)
    for number, page in enumerate(pages):
        quick_add(page, f"From tab {number}")
    for number, page in enumerate(pages):
        expect(page.get_by_role("link", name=f"From tab {number}")).to_be_visible()
    assert len(renewals) == 1
    assert len(ada.titles()) == 10


def test_a_session_that_was_ended_asks_again_and_comes_back_to_the_same_place(context, server, complaints, ada):
    ada.add("Pay rent")
    page = open_as(context, server, complaints, ada, "/board?priority=medium", failures=True)
    expect(page.get_by_role("link", name="Pay rent")).to_be_visible()
    ada.ask("POST", "/auth/logout?all=true")
    page.reload()
    log_in(page, ada)
    expect(page.get_by_role("link", name="Pay rent")).to_be_visible()
    expect(page).to_have_url(f"{server.url}/board?priority=medium")


def test_a_link_to_another_site_is_not_followed_after_log_in(context, server, complaints, ada):
    page = open_page(context, server, complaints, "/login?to=//evil.example/")
    log_in(page, ada)
    expect(page).to_have_url(f"{server.url}/")


def test_the_cookie_of_another_site_s_form_does_nothing(page, context, ada):
    """The cookie is SameSite=Strict, and a request that says it comes from elsewhere is refused though it carries the cookie."""
    answer = context.request.post(
        f"{page.url}api/v1/auth/refresh", headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, data={}
    )
    assert answer.status in (401, 403)
