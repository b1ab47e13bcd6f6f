"""Two people use one browser, one after the other: nothing of the first is left to the second."""

from playwright.sync_api import expect

from browser import log_in, open_as, open_page, quick_add, row
from test_two_people import description, is_live, panel

SECRET = "Buy her present"


def everything(page) -> str:
    """What the page shows, and what the browser keeps for it."""
    return page.content() + page.evaluate("""async () => {
      const database = await new Promise((done) => (indexedDB.open("taskflow").onsuccess = ({ target }) => done(target.result)));
      const stores = [...database.objectStoreNames].map((name) =>
        new Promise((done) => (database.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => done(target.result)))
      );
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state, await Promise.all(stores)]);
    }""")


def test_log_out_leaves_nothing_in_any_tab(context, server, complaints, ada, grace):
    task = ada.add(SECRET, labels=["family"])
    # What is under way while somebody logs out is refused.
    page = open_as(context, server, complaints, ada, f"/board?q=present&task={task['id']}", failures=True)
    other = open_page(context, server, complaints, f"/?task={task['id']}", failures=True)
    expect(panel(other)).to_be_visible()
    row(other, SECRET).get_by_role("button", name="Complete").click()
    expect(other.get_by_role("status").filter(has_text=SECRET)).to_be_visible()
    quick_add(page, "Wrap the present")
    page.get_by_role("textbox", name="Add a task").first.fill("a present that is half ty")
    page.get_by_role("button", name="Log out").click()
    for one in (page, other):
        expect(one).to_have_url(f"{server.url}/login")
        expect(one.get_by_role("textbox", name="E-mail")).to_be_visible()
        assert "present" not in everything(one)
    log_in(page, grace)
    expect(page).to_have_url(f"{server.url}/")
    expect(other).to_have_url(f"{server.url}/")
    is_live(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="nothing to undo")).to_be_visible()
    for one in (page, other):
        expect(one.get_by_role("heading", name="List", exact=True)).to_be_visible()
        assert "present" not in everything(one)


def test_somebody_else_logs_in_where_a_session_has_ended(context, server, complaints, ada, grace):
    task = ada.add(SECRET)
    page = open_as(context, server, complaints, ada, f"/?q=present&task={task['id']}", failures=True)
    row(page, SECRET).get_by_role("button", name="Complete").click()
    expect(page.get_by_role("status").filter(has_text=SECRET)).to_be_visible()
    ada.ask("POST", "/auth/logout?all=true")
    description(page).fill("In the shop around the corner")
    page.keyboard.press("Tab")
    log_in(page, grace)
    expect(page).to_have_url(f"{server.url}/")
    expect(page.get_by_role("heading", name="List", exact=True)).to_be_visible()
    assert SECRET not in page.content()
    is_live(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="nothing to undo")).to_be_visible()
