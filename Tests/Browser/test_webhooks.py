"""Webhooks as their owner sees them: made, tried, and what did not arrive sent again."""

import http.server
import threading

import pytest
from playwright.sync_api import expect

from browser import open_as


@pytest.fixture
def receiver():
    """A program that takes messages, or refuses them, as its `status` says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.status)
            self.end_headers()
            receiver.has_answered.set()

        def log_message(self, *_) -> None:
            pass

    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.status = 200
    receiver.has_answered = threading.Event()
    receiver.url = f"http://127.0.0.1:{receiver.server_port}/tasks"
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    yield receiver
    receiver.shutdown()
    receiver.server_close()


def test_a_webhook_is_made_and_tried(context, server, complaints, ada, receiver):
    page = open_as(context, server, complaints, ada, "/settings/webhooks")
    page.get_by_role("button", name="Create webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("URL").fill(receiver.url)
    dialog.get_by_role("button", name="Create webhook").click()
    # The secret is shown once.
    expect(dialog.get_by_text("whsec_")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_text("whsec_")).to_have_count(0)
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("status").filter(has_text="accepted the message (200)")).to_be_visible()
    receiver.status = 410
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("alert").filter(has_text="refused the message: it answered 410")).to_be_visible()


def test_a_message_that_was_refused_is_sent_again(context, server, complaints, ada, receiver):
    receiver.status = 500
    ada.ask("POST", "/webhooks", {"url": receiver.url})
    ada.add("Pay rent")
    assert receiver.has_answered.wait(30)
    page = open_as(context, server, complaints, ada, "/settings/webhooks")
    page.get_by_role("link", name="Deliveries").click()
    delivery = page.get_by_role("row").filter(has_text="created")
    expect(delivery).to_contain_text("answered 500")
    delivery.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("alert").filter(has_text="refused the message: it answered 500")).to_be_visible()
    receiver.status = 204
    delivery.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("status").filter(has_text="accepted the message (204)")).to_be_visible()
    expect(delivery).to_contain_text("delivered")


def test_a_message_that_is_sent_meanwhile_appears_in_the_list(context, server, complaints, ada, receiver):
    webhook = ada.ask("POST", "/webhooks", {"url": receiver.url})
    page = open_as(context, server, complaints, ada, f"/settings/webhooks/{webhook['id']}")
    expect(page.get_by_role("heading", name="Deliveries").first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="created")).to_have_count(0)
    ada.add("Pay rent")
    assert receiver.has_answered.wait(30)
    expect(page.get_by_role("row").filter(has_text="created")).to_be_visible(timeout=15_000)
