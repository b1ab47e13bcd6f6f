"""Labels, as they are renamed on all tasks at once."""

import json

from playwright.sync_api import expect

from browser import open_as


def rename(page, old: str, new: str) -> None:
    page.get_by_role("button", name=f"Rename “{old}”").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(new)
    dialog.get_by_role("button", name="Save").click()


def test_a_label_that_the_server_has_renamed_in_part_is_renamed_on_the_rest(context, server, complaints, ada):
    first = ada.add("Renew the certificate", labels=["ops"])
    rest = ada.add("Migrate the wiki", labels=["ops"])
    page = open_as(context, server, complaints, ada, "/labels", failures=True)

    def half(route) -> None:
        if route.request.method != "PATCH":
            return route.continue_()
        ada.ask("PATCH", f"/tasks/{first['id']}", {"labels": ["operations"]})
        problem = {"type": "about:blank", "title": "Unavailable", "status": 503, "code": "batch_unfinished"}
        route.fulfill(status=503, body=json.dumps(problem), headers={"Content-Type": "application/problem+json", "Retry-After": "1"})

    page.route("**/api/v1/labels/ops", half)
    rename(page, "ops", "operations")
    expect(page.get_by_role("status").filter(has_text="now called “operations”")).to_be_visible()
    assert [ada.task(task["id"])["labels"] for task in (first, rest)] == [["operations"], ["operations"]]


def test_a_rename_that_breaks_off_can_be_taken_up_again(context, server, complaints, ada):
    first = ada.add("Renew the certificate", labels=["ops"])
    ada.add("Migrate the wiki", labels=["ops"])
    page = open_as(context, server, complaints, ada, "/labels", failures=True)

    def broken(route) -> None:
        ada.ask("PATCH", f"/tasks/{first['id']}", {"labels": ["operations"]})
        route.abort()

    page.route("**/api/v1/labels/ops", broken, times=1)
    rename(page, "ops", "operations")
    # The dialog stays, and says what is left to do.
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog).to_contain_text("The two labels become one")
    dialog.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("link", name="operations")).to_be_visible()
    expect(page.get_by_role("link", name="ops", exact=True)).to_have_count(0)
