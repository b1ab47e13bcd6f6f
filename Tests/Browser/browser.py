"""What a person does with the page, in the words of the page, and what must hold whatever they do."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from server import PASSWORD, Person, Server

# Requests that a test lets fail on purpose leave a line that the browser writes itself.
FAILED_REQUEST = re.compile(r"^Failed to load resource")


class Complaints:
    """Everything that the browser complained of: lines on the console, violations of the policy, errors nobody caught."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def follow(self, page: Page, *, failures: bool = False) -> None:
        def on_console(message) -> None:
            if not (failures and FAILED_REQUEST.match(message.text)):
                self.all.append(f"{message.type}: {message.text} ({message.location['url']} in {page.url})")

        page.on("console", on_console)
        page.on("pageerror", lambda error: self.all.append(f"error: {error.stack or error} ({page.url})"))


def open_page(context: BrowserContext, server: Server, complaints: Complaints, path: str = "/", *, failures: bool = False) -> Page:
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints.follow(page, failures=failures)
    page.goto(server.url + path)
    return page


def log_in(page: Page, person: Person) -> None:
    page.get_by_role("textbox", name="E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    # On a phone the navigation is behind its button.
    expect(page.get_by_role("navigation", name="Main").or_(page.get_by_role("button", name="Menu", exact=True)).first).to_be_visible()


def open_as(context: BrowserContext, server: Server, complaints: Complaints, person: Person, path: str = "/", *, failures: bool = False) -> Page:
    page = open_page(context, server, complaints, path, failures=failures)
    log_in(page, person)
    return page


def quick_add(page: Page, line: str) -> None:
    box = page.get_by_role("textbox", name="Add a task").first
    box.fill(line)
    box.press("Enter")


def row(page: Page, title: str):
    """The row or the card of a task, by its title."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=title, exact=True))


def has_worker(page: Page) -> None:
    """The service worker is there. What it would still fetch must not fail when a test takes the server or the network away."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def has_kept(page: Page, *names: str) -> None:
    """The copy for reading without the server is there: `feed` when the tasks are whole, `people` with who does them."""
    page.wait_for_function(
        """(names) => new Promise((resolve) => {
          const opening = indexedDB.open("taskflow");
          opening.onsuccess = () => {
            const keys = opening.result.transaction("facts").objectStore("facts").getAllKeys();
            keys.onsuccess = () => {
              opening.result.close();
              resolve(names.every((name) => keys.result.some((key) => key[1] === name)));
            };
          };
        })""",
        arg=list(names),
    )
