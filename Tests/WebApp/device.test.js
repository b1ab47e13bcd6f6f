// Tests how a user agent is put into words in the list of sessions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceOf } from "../../WebApp/app/views/settings/device.js";

const cases = /** @type {const} */ ([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Chrome",
    "Windows",
    false,
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.68",
    "Edge",
    "Windows",
    false,
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Safari",
    "macOS",
    false,
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Safari",
    "iPhone",
    true,
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1",
    "Chrome",
    "iPhone",
    true,
  ],
  [
    "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
    "Samsung Internet",
    "Android",
    true,
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox", "Linux", false],
  [
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Chrome",
    "ChromeOS",
    false,
  ],
]);

for (const [userAgent, name, system, isPhone] of cases) {
  test(`${name} on ${system}`, () => assert.deepEqual(deviceOf(userAgent), { kind: "browser", name, system, isPhone }));
}

test("a program is called by its name, without its version", () => {
  assert.deepEqual(deviceOf("curl/7.88.1"), { kind: "program", name: "curl", system: "", isPhone: false });
  assert.equal(deviceOf("taskflow-cli/0.1.0 (macOS)").name, "taskflow-cli");
});

test("nothing at all is an unknown device", () => {
  assert.equal(deviceOf(null).kind, "unknown");
  assert.equal(deviceOf("   ").kind, "unknown");
});

test("a name of any length stays short", () => assert.ok(deviceOf("x".repeat(5000)).name.length <= 40));
