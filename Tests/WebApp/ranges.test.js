// Tests the ranges of days of a report.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeOf } from "../../WebApp/app/views/transfer/ranges.js";

test("ranges end today and have as many days as they say", () => {
  assert.deepEqual(rangeOf("week", "2026-03-03"), { from: "2026-02-25", to: "2026-03-03" });
  assert.deepEqual(rangeOf("days", "2026-03-03"), { from: "2026-02-02", to: "2026-03-03" });
});

test("months and years begin on their first day", () => {
  assert.deepEqual(rangeOf("month", "2026-11-28"), { from: "2026-11-01", to: "2026-11-28" });
  assert.deepEqual(rangeOf("lastMonth", "2026-03-31"), { from: "2026-02-01", to: "2026-02-28" });
  assert.deepEqual(rangeOf("lastMonth", "2026-01-15"), { from: "2025-12-01", to: "2025-12-31" });
  assert.deepEqual(rangeOf("year", "2026-11-28"), { from: "2026-01-01", to: "2026-11-28" });
});
