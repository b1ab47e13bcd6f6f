"""The dashboard: every number leads to exactly those tasks."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from browser import open_as


@pytest.fixture
def busy(ada):
    """Somebody with tasks of every kind. Their day is not the day in UTC for half of the time."""
    version = ada.ask("GET", "/users/me")["version"]
    ada.ask("PATCH", "/users/me", {"time_zone": "Pacific/Auckland"}, {"If-Match": f'"{version}"'})
    now = datetime.datetime.now(datetime.timezone.utc)
    today = (now + datetime.timedelta(hours=12)).date()
    ada.add("Yesterday", due_on=str(today - datetime.timedelta(days=3)), priority="high")
    ada.add("Long ago", due_at="2026-01-01T12:00:00.000Z", labels=["home"])
    ada.add("Now", due_at=(now + datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%S.000Z"), labels=["home", "none"])
    ada.add("Some day", priority="critical", assignee_id=ada.user["id"])
    ada.add("Under way", status="in_progress", labels=["garden"])
    for number in range(3):
        ada.add(f"Done {number}", status="completed")
    ada.add("Put away", status="completed", archived=True)
    return ada


def figures(page):
    """The name, the number and the address behind each tile, bar and day."""
    expect(page.locator("a.bar-row").first).to_be_visible()
    return page.evaluate(
        """() => [
          ...[...document.querySelectorAll("a.tile, a.bar-row")].map((link) => [
            link.textContent, Number(link.querySelector(".tile-count, .bar-count").textContent), link.getAttribute("href")]),
          ...[...document.querySelectorAll(".day-chart td a")].map((link) => [
            link.getAttribute("aria-label"), Number(link.textContent), link.getAttribute("href")]),
        ]"""
    )


def test_every_number_is_the_number_of_rows_of_its_list(context, server, complaints, busy):
    page = open_as(context, server, complaints, busy, "/dashboard")
    found = figures(page)
    assert len(found) > 5 + 3 + 4 + 30
    for name, count, address in [figure for figure in found if figure[1]] + found[-1:]:
        page.evaluate("(address) => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }", address)
        expect(page.get_by_role("heading", name="List", level=1)).to_be_visible()
        words = "1 task" if count == 1 else f"{count} tasks"
        expect(page.get_by_text(words, exact=True).first, f"{name}: {address}").to_be_attached()


def test_a_filter_holds_for_every_number(context, server, complaints, busy):
    page = open_as(context, server, complaints, busy, "/dashboard?label=home")
    figures(page)
    expect(page.get_by_role("link", name=re.compile(r"^2\s*Open$"))).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^1\s*Overdue$")).click()
    expect(page.get_by_role("link", name="Long ago")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/\?(?=.*label=home)(?=.*overdue=true)"))


def test_nobody_without_tasks_is_left_alone(context, server, complaints, ada):
    page = open_as(context, server, complaints, ada, "/dashboard")
    page.get_by_role("link", name="Add a task").click()
    expect(page.get_by_role("textbox", name="Add a task")).to_be_visible()
