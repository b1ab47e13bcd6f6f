"""Two people in two browsers work on the same task."""

import pytest
from playwright.sync_api import expect

from browser import open_as


@pytest.fixture
def shared(ada, grace):
    """A task of Ada's that Grace works on."""
    return ada.add("Write the report", description="Draft", assignee_id=grace.user["id"])


@pytest.fixture
def hers(new_context, server, complaints, ada, shared):
    return open_as(new_context(), server, complaints, ada, f"/?task={shared['id']}", failures=True)


@pytest.fixture
def theirs(new_context, server, complaints, grace, shared):
    return open_as(new_context(), server, complaints, grace, f"/?task={shared['id']}", failures=True)


def panel(page):
    return page.get_by_role("region", name="Task details").or_(page.get_by_role("complementary", name="Task details")).first


def title(page):
    return panel(page).get_by_role("textbox", name="Title")


def description(page):
    return panel(page).get_by_role("textbox", name="Description")


def is_live(page):
    expect(page.get_by_role("button", name="Live").or_(page.get_by_text("Live", exact=True)).first).to_be_visible()


def test_a_change_appears_with_the_other_within_a_second(hers, theirs, ada, shared):
    is_live(theirs)
    title(hers).fill("Write the long report")
    title(hers).press("Tab")
    expect(hers.get_by_role("status").filter(has_text="saved")).to_be_visible()
    expect(theirs.get_by_role("link", name="Write the long report")).to_be_visible(timeout=1_000)
    expect(title(theirs)).to_have_value("Write the long report")


def test_edits_of_different_fields_merge(hers, theirs, ada, shared):
    # Grace types into the description while Ada changes the title.
    description(theirs).fill("Two pages")
    ada.ask("PATCH", f"/tasks/{shared['id']}", {"title": "Write the short report"})
    description(theirs).press("Tab")
    expect(title(hers)).to_have_value("Write the short report")
    expect(description(hers)).to_have_value("Two pages")
    task = ada.task(shared["id"])
    assert (task["title"], task["description"]) == ("Write the short report", "Two pages")


def test_of_the_same_field_both_values_are_shown_and_one_is_chosen(theirs, ada, shared):
    description(theirs).fill("Grace's words")
    ada.ask("PATCH", f"/tasks/{shared['id']}", {"description": "Ada's words"})
    description(theirs).press("Tab")
    dialog = theirs.get_by_role("dialog", name="Two changes of the same task")
    expect(dialog.get_by_text("Ada's words")).to_be_visible()
    expect(dialog.get_by_text("Grace's words")).to_be_visible()
    dialog.get_by_role("radio", name="Yours").check()
    dialog.get_by_role("button", name="Save").click()
    expect(theirs.get_by_role("status").filter(has_text="saved")).to_be_visible()
    expect(description(theirs)).to_have_value("Grace's words")
    assert ada.task(shared["id"])["description"] == "Grace's words"


def test_what_the_task_of_somebody_else_becomes_is_not_shown_to_strangers(new_context, server, complaints, grace, ada):
    task = ada.add("Salary list")
    page = open_as(new_context(), server, complaints, grace, f"/?task={task['id']}", failures=True)
    expect(page.get_by_text("may no longer see it")).to_be_visible()
    expect(page.get_by_text("Salary list")).to_have_count(0)


def test_the_history_says_who_did_what_and_a_change_is_reverted(hers, ada, grace, shared):
    grace.ask("PATCH", f"/tasks/{shared['id']}", {"status": "completed"})
    history = panel(hers)
    expect(history.get_by_text("moved it from Pending to Completed")).to_be_visible()
    hers.get_by_role("button", name="Revert: ").first.click()
    expect(history.get_by_text("moved it from Completed to Pending")).to_be_visible()
    assert ada.task(shared["id"])["status"] == "pending"
