"""What the page costs to load, and what it may do: measured over the wire."""

from playwright.sync_api import expect

from browser import open_page, quick_add

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types vue taskflow"
)
FIRST_LOAD = 100_000
SHIFT = """
() => new Promise((resolve) => {
  new PerformanceObserver((list) => {
    window.shift = (window.shift ?? 0) + list.getEntries().filter((entry) => !entry.hadRecentInput).reduce((sum, entry) => sum + entry.value, 0);
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(window.shift ?? 0), 300);
})
"""


class Traffic:
    """Bytes that came over the wire, as the browser counts them: heads and compressed bodies."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.urls: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        self.session.on("Network.requestWillBeSent", lambda event: self.urls.__setitem__(event["requestId"], event["request"]["url"]))
        self.session.on("Network.loadingFinished", self.finished)

    def finished(self, event):
        url = self.urls.get(event["requestId"], event["requestId"])
        self.bytes[url] = self.bytes.get(url, 0) + int(event["encodedDataLength"])


def settle(page):
    """Until everything is there that is loaded behind the first view; the grammar of quick add is the last of it."""
    page.wait_for_function("() => performance.getEntriesByType('resource').some((one) => /grammar|reading-/.test(one.name))")


def test_first_load_is_at_most_100_KB(page, ada):
    ada.add("Pay rent")
    settle(page)
    traffic = Traffic(page)
    traffic.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    traffic.session.send("Network.setBypassServiceWorker", {"bypass": True})
    page.reload()
    expect(page.get_by_role("link", name="Pay rent")).to_be_visible()
    settle(page)
    page.wait_for_timeout(300)
    total = sum(traffic.bytes.values())
    assert 50_000 < total <= FIRST_LOAD, "\n".join(f"{size:7} {url}" for url, size in sorted(traffic.bytes.items(), key=lambda one: -one[1]))


def test_a_second_load_fetches_no_script(page, ada):
    ada.add("Pay rent")
    page.reload()
    expect(page.get_by_role("link", name="Pay rent")).to_be_visible()
    settle(page)
    traffic = Traffic(page)
    page.reload()
    expect(page.get_by_role("link", name="Pay rent")).to_be_visible()
    settle(page)
    fetched = [url for url, size in traffic.bytes.items() if size and "/web/" in url]
    assert fetched == []


def test_the_policy_is_sent_with_every_document(context, server, complaints):
    page = open_page(context, server, complaints)
    for path in ("/", "/login", "/board", "/settings/profile", "/reset"):
        answer = page.request.get(server.url + path)
        assert answer.headers["content-security-policy"] == POLICY, path
        assert answer.headers["cache-control"] == "no-cache", path


def test_files_of_the_page_are_compressed_and_kept(context, server, complaints):
    page = open_page(context, server, complaints)
    root = page.evaluate("document.querySelector('script[type=module]').src.replace('/app/main.js', '')")
    answer = page.request.get(f"{root}/vendor/vue.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "accept-encoding" in answer.headers["vary"].lower()


def test_nothing_jumps(page, ada):
    for number in range(20):
        ada.add(f"Task {number}", labels=["home"], due_on="2030-01-31", priority="high")
    page.reload()
    expect(page.get_by_role("link", name="Task 19")).to_be_visible()
    assert page.evaluate(SHIFT) < 0.01
    quick_add(page, "One more")
    expect(page.get_by_role("link", name="One more")).to_be_visible()
    assert page.evaluate(SHIFT) < 0.01
