"""Files that one takes along: exports and reports."""

import pathlib

import pytest
from playwright.sync_api import expect

from browser import open_as


@pytest.fixture
def reports(context, server, complaints, ada):
    ada.add("Pay rent", priority="high")
    ada.add("Buy milk", priority="low")
    return open_as(context, server, complaints, ada, "/reports?priority=high")


def save(page, button) -> pathlib.Path:
    with page.expect_download() as download:
        button.click()
    return download.value.path()


def test_an_export_holds_what_the_filter_shows(reports):
    expect(reports.get_by_text("1 task is in the file.")).to_be_visible()
    for format in ("CSV", "JSON", "iCalendar"):
        text = save(reports, reports.get_by_role("button", name=f"Download {format}")).read_text()
        assert "Pay rent" in text and "Buy milk" not in text, format


def test_a_report_is_made_and_its_download_survives_navigation(reports, ada):
    reports.get_by_role("button", name="Make the report").click()
    made = reports.get_by_role("row").filter(has_text="About 2 tasks.")
    expect(made).to_be_visible(timeout=30_000)
    assert save(reports, made.get_by_role("button", name="Download")).read_bytes().startswith(b"%PDF")
    # The same stands in the list of jobs, also later.
    reports.get_by_role("link", name="Jobs").click()
    assert save(reports, reports.get_by_role("row").filter(has_text="Report").get_by_role("button", name="Download")).read_bytes().startswith(b"%PDF")
