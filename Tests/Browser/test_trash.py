"""What was deleted: brought back, or erased for good."""

from playwright.sync_api import expect

from browser import open_as


def test_restore_and_take_the_restoring_back(context, server, complaints, ada):
    ada.ask("DELETE", f"/tasks/{ada.add('Pay rent')['id']}")
    page = open_as(context, server, complaints, ada, "/trash")
    row = page.get_by_role("row").filter(has_text="Pay rent")
    row.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("status").filter(has_text="“Pay rent” is back")).to_be_visible()
    expect(row).to_have_count(0)
    assert ada.titles() == ["Pay rent"]
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    assert ada.titles() == []


def test_an_admin_deletes_for_good_only_what_is_named_so(context, server, complaints, ada):
    kept, erased = ada.add("A plan to keep"), ada.add("A plan to erase")
    page = open_as(context, server, complaints, server.admin(), f"/admin/tasks?owner_id={ada.user['id']}")
    # “Delete” means the trash, here as everywhere.
    page.get_by_role("button", name="Delete “A plan to keep”", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="in the trash")).to_be_visible()
    page.get_by_role("button", name="Delete “A plan to erase” for good").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone")
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status").filter(has_text="gone for good")).to_be_visible()
    assert [task["id"] for task in ada.ask("GET", "/tasks/trash")["data"]] == [kept["id"]] != [erased["id"]]


def test_a_double_click_restores_once(context, server, complaints, ada):
    task = ada.add("Pay rent")
    ada.ask("DELETE", f"/tasks/{task['id']}")
    page = open_as(context, server, complaints, ada, "/trash")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/restore") else None)
    page.get_by_role("button", name="Restore").first.dblclick()
    expect(page.get_by_role("status").filter(has_text="Pay rent")).to_be_visible()
    assert len(asked) == 1
