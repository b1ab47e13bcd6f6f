"""A file of a thousand rows with errors: looked at first, imported, taken back."""

from playwright.sync_api import expect

from browser import open_as


def test_import_of_a_thousand_rows_with_errors_and_undo(context, server, complaints, ada):
    lines = ["title,priority,due_at"] + [f"Row {number},high,2030-01-31" for number in range(1, 1001)]
    lines[10] = ",high,2030-01-31"
    lines[20] = "Row 20,sky-high,2030-01-31"
    page = open_as(context, server, complaints, ada, "/import")
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "tasks.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}]
    )
    # Nothing is stored before you have seen what would become of it.
    expect(page.get_by_text("998").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("sky-high").first).to_be_visible()
    assert ada.titles() == []
    page.get_by_role("button", name="Import", exact=False).last.click()
    expect(page.get_by_role("button", name="Undo").first).to_be_visible(timeout=60_000)
    assert ada.ask("GET", "/tasks?count=true&limit=1")["meta"]["total"] == 998
    page.get_by_role("button", name="Undo").first.click()
    dialog = page.get_by_role("dialog")
    if dialog.count():
        dialog.get_by_role("button").last.click()
    expect(page.get_by_text("taken back").or_(page.get_by_text("undone")).first).to_be_visible(timeout=60_000)
    assert ada.titles() == []
