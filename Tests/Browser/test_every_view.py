"""Every view: no finding of axe, no sideways scrolling on a phone, nothing on the console, and a picture to be looked at."""

import pytest
from playwright.sync_api import expect

from browser import log_in, open_page

VIEWS = [
    "/", "/board", "/calendar", "/dashboard", "/labels", "/views", "/import", "/reports", "/jobs", "/trash", "/settings/profile",
    "/settings/preferences", "/settings/password", "/settings/sessions", "/settings/tokens", "/settings/mails", "/settings/webhooks",
    "/settings/usage", "/admin/users", "/admin/tasks", "/admin/jobs", "/admin/schedules", "/admin/webhooks", "/admin/audit", "/admin/health", "/?task=",
]
VISITORS = ["/login", "/register", "/setup#token=x", "/reset", "/reset#token=x", "/verify#token=x", "/revert#token=x", "/unsubscribe#token=x"]
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
LONG = "Ask whether the unbelievablylongwordthatnobodywouldeverwriteinatitlebutsomebodydoes is translated into every language before Friday"
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def admin(shared_server):
    """Somebody who sees everything, with tasks of every kind."""
    admin = shared_server.admin()
    if not admin.titles():
        admin.add(LONG, priority="critical", labels=["a long label with many words", "ops"], due_on="2026-01-31")
        admin.add("<b>Markup</b> & “quotes”", description="Some\nlines", priority="low")
        admin.add("اتصل بالطبيب غدًا", labels=["عمل"], due_at="2030-01-31T09:30:00Z")
        for number in range(50):
            admin.add(f"Label {number}", labels=[f"label-{number}"])
        # Each colour that a label can have, where axe and the pictures see it.
        for number, color in enumerate(["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]):
            admin.ask("PATCH", f"/labels/label-{49 - number}", {"color": color})
        done = admin.add("Done already", status="completed")
        gone = admin.add("Thrown away")
        admin.ask("DELETE", f"/tasks/{gone['id']}")
        admin.ask("PATCH", f"/tasks/{done['id']}", {"priority": "high"})
    return admin


def settled(page):
    """The view is there, and what it waits for has come."""
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)


def open_tour(context, server, complaints):
    """A page that is opened anew for each view. The server counts the stream of a page that was left until its next heartbeat, 15 s at most, and
    one person may have ten: here a stream ends as soon as it has begun."""
    context.route("**/api/v1/events**", lambda route: route.fulfill(content_type="text/event-stream", body="retry: 60000\n\n"))
    return open_page(context, server, complaints)


def view_address(admin, view):
    return view + str(admin.ask("GET", "/tasks?limit=1")["data"][0]["id"]) if view.endswith("task=") else view


def findings(axe, page):
    results = axe.run(page, options={"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    return [
        f"{one['id']}: {one['help']}: {', '.join(str(node['target']) for node in one['nodes'][:3])}"
        for one in results.response["violations"]
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(new_context, shared_server, complaints, admin, axe, screenshot, look):
    context = new_context(**LOOKS[look], reduced_motion="reduce")
    page = open_tour(context, shared_server, complaints)
    log_in(page, admin)
    found = {}
    for view in VIEWS:
        page.goto(shared_server.url + view_address(admin, view))
        settled(page)
        found[view] = findings(axe, page)
        screenshot(page, f"{look}{view.replace('/', '-').replace('?', '')}")
    assert {view: all for view, all in found.items() if all} == {}


def test_axe_finds_nothing_before_log_in(new_context, shared_server, complaints, axe, screenshot):
    page = open_tour(new_context(), shared_server, complaints)
    found = {}
    for view in VISITORS:
        page.goto("about:blank")
        page.goto(shared_server.url + view)
        settled(page)
        found[view] = findings(axe, page)
        screenshot(page, f"visitor{view.replace('/', '-').replace('#', '-')}")
    assert {view: all for view, all in found.items() if all} == {}


@pytest.mark.parametrize(
    "shape",
    {
        "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
        # 400 % zoom of a window of 1280 by 1024 (WCAG 1.4.10).
        "zoom": {"viewport": {"width": 320, "height": 256}},
    }.items(),
    ids=lambda shape: shape[0],
)
def test_nothing_scrolls_sideways(new_context, shared_server, complaints, admin, screenshot, shape):
    name, options = shape
    page = open_tour(new_context(**options), shared_server, complaints)
    log_in(page, admin)
    wide = {}
    for view in VIEWS:
        page.goto(shared_server.url + view_address(admin, view))
        settled(page)
        if page.evaluate(WIDTH) > 0:
            wide[view] = page.evaluate(WIDTH)
        screenshot(page, f"{name}{view.replace('/', '-').replace('?', '')}")
    assert wide == {}


def test_targets_on_a_phone_are_large_enough(new_context, shared_server, complaints, admin):
    page = open_tour(new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True), shared_server, complaints)
    log_in(page, admin)
    small = {}
    for view in ("/", "/board", "/calendar", "/settings/profile"):
        page.goto(shared_server.url + view)
        settled(page)
        small[view] = page.evaluate(
            """() => [...document.querySelectorAll("button, input, select, a.button, a.nav-link")]
              .map((one) => [one, one.getBoundingClientRect()])
              .filter(([one, box]) => box.width && box.height && getComputedStyle(one).visibility === "visible" && !one.closest(".visually-hidden"))
              .filter(([one, box]) => box.height < 44 && !["checkbox", "radio"].includes(one.type))
              .map(([one, box]) => `${one.outerHTML.slice(0, 120)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
        )
    assert {view: all for view, all in small.items() if all} == {}


def test_right_to_left(new_context, shared_server, complaints, admin, screenshot):
    """The same page mirrored: no overlap of the navigation, nothing sideways."""
    page = open_tour(new_context(), shared_server, complaints)
    log_in(page, admin)
    for view in ("/", "/board", "/calendar", "/dashboard", "/settings/profile"):
        page.goto(shared_server.url + view)
        settled(page)
        page.evaluate("document.documentElement.dir = 'rtl'")
        navigation = page.get_by_role("navigation", name="Main").bounding_box()
        content = page.get_by_role("main").bounding_box()
        assert content["x"] + content["width"] <= navigation["x"] + 1
        assert page.evaluate(WIDTH) <= 0
        screenshot(page, f"rtl{view.replace('/', '-')}")


# How each kind of element in the view looks, by the names of it and of what it is in.
STYLES = """
() => {
  const looks = {};
  const name = (one) => one.id === "content" ? "" : `${name(one.parentElement)} > ${one.localName}.${one.getAttribute("class") ?? ""}`;
  for (const element of document.querySelectorAll("#content *")) {
    const style = getComputedStyle(element);
    const facts = [style.display, style.gap, style.padding, style.margin, style.fontSize, style.fontWeight, style.borderWidth, style.textAlign];
    (looks[name(element)] ??= []).push(facts.join(" | "));
  }
  return Object.fromEntries(Object.entries(looks).map(([name, all]) => [name, [...new Set(all)].sort()]));
}
"""
NEIGHBOURS = ["/board", "/calendar", "/dashboard", "/labels", "/reports", "/settings/preferences", "/admin/health", "/"]


def test_a_view_looks_the_same_whatever_was_shown_before(context, shared_server, complaints, admin):
    page = open_tour(context, shared_server, complaints)
    log_in(page, admin)
    looks = {}
    for view in NEIGHBOURS:
        page.goto(shared_server.url + view)
        settled(page)
        looks[view] = page.get_by_role("heading", level=1).inner_text(), page.evaluate(STYLES)
    for view in [*NEIGHBOURS, *reversed(NEIGHBOURS)]:
        page.evaluate("(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", view)
        heading, alone = looks[view]
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        settled(page)
        now = page.evaluate(STYLES)
        assert {name: now[name] for name in alone if name in now} == {name: alone[name] for name in alone if name in now}, view
