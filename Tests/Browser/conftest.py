"""The browser, a server and its people for each test. A test fails when the browser complained of anything."""

import os
import pathlib
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from browser import Complaints, open_as
from server import ROOT, Person, Server

CHROMIUM = os.environ.get("TASKFLOW_CHROMIUM") or next(
    (path for path in ("/usr/lib/chromium/chromium", shutil.which("chromium") or "", shutil.which("google-chrome") or "") if path and pathlib.Path(path).exists()), ""
)
SCREENSHOTS = ROOT / ".build" / "screenshots"


@pytest.fixture(scope="session")
def playwright():
    if not CHROMIUM:
        pytest.exit("There is no Chromium here: install it, or set TASKFLOW_CHROMIUM to its program.", returncode=1)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def launch(playwright):
    """Starts a browser; one with arguments of its own is for a few tests."""
    browsers: list[Browser] = []

    def start(*arguments: str) -> Browser:
        # As root there is no sandbox of Chromium's own.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browsers.append(playwright.chromium.launch(executable_path=CHROMIUM, args=[*sandbox, *arguments]))
        return browsers[-1]

    yield start
    for browser in browsers:
        browser.close()


@pytest.fixture(scope="session")
def browser(launch):
    return launch()


@pytest.fixture(scope="session")
def shared_server():
    server = Server(os.environ["TASKFLOW_BINARY"])
    server.start()
    yield server
    server.remove()


@pytest.fixture
def server(shared_server: Server):
    """One server for all tests: each has people of its own. A test that stops its server takes `own_server`."""
    return shared_server


@pytest.fixture
def own_server():
    server = Server(os.environ["TASKFLOW_BINARY"])
    server.start()
    yield server
    server.remove()


@pytest.fixture
def name(request) -> str:
    """A name that no other test has, and that leaves room in a username."""
    return request.node.name.removeprefix("test_").split("[")[0].replace("_", "-")[:26].strip("-")


@pytest.fixture
def ada(server: Server, name: str) -> Person:
    return server.register(f"ada-{name}")


@pytest.fixture
def grace(server: Server, name: str) -> Person:
    return server.register(f"grace-{name}")


@pytest.fixture
def complaints():
    complaints = Complaints()
    yield complaints
    assert not complaints.all, "\n".join(complaints.all)


@pytest.fixture
def new_context(browser: Browser):
    """Makes one more browser, as of another person: its own cookies and storage."""
    contexts: list[BrowserContext] = []

    def make(**options) -> BrowserContext:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | options))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def context(new_context) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext, server: Server, ada: Person, complaints: Complaints) -> Page:
    """Ada's list, logged in."""
    return open_as(context, server, complaints, ada)


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def screenshot(request):
    """Keeps what the page looks like, to be looked at, in .build/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return take
