// Reads every example of quick add with the grammar of the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "../../WebApp/app/quickAdd/grammar.js";

const file = JSON.parse(readFileSync(new URL("../Examples/quick-add.json", import.meta.url), "utf8"));

for (const group of file.groups) {
  const settings = { ...file.settings, ...group.settings };
  const count = (/** @type {string} */ name) => settings.people[name] ?? 0;
  for (const example of group.examples) {
    test(`${group.about}: ${JSON.stringify(example.input)}`, () => {
      const { fields, hints, ranges, offered } = parse(example.input, {
        now: settings.now,
        timeZone: settings.time_zone,
        dateOrder: settings.date_order,
        firstWeekday: settings.first_weekday,
        me: settings.me,
        count,
      });
      const { input, hints: expectedHints = [], chips, offered: expectedOffer = null, ...expected } = example;
      const comparable = (/** @type {Record<string, unknown>} */ due) =>
        typeof due.due_at === "string" ? { ...due, due_at: new Date(due.due_at).getTime() } : due;
      assert.deepEqual(comparable({ ...fields }), comparable(expected));
      assert.deepEqual(hints, expectedHints);
      for (const range of ranges) assert.equal(range.text, input.slice(range.start, range.end));
      if (chips) assert.deepEqual(ranges.map(({ start, end, kind }) => [kind, start, end]), chips);
      assert.deepEqual(
        offered && comparable({ ...offered }),
        expectedOffer && comparable(expectedOffer),
      );
    });
  }
}

test("a user without a username is called me", () => {
  const { fields } = parse("Write @me", { now: file.settings.now, timeZone: "UTC" });
  assert.deepEqual(fields, { title: "Write", assignee: "me" });
});

test("a long line is read in a time that grows with its length alone", () => {
  for (const piece of ['#"a ', '" ', "@x ", "monday to ", "\\a ", "// ", "#a", "25 dec "]) {
    const started = performance.now();
    parse(piece.repeat(200_000 / piece.length), { now: file.settings.now, timeZone: "Europe/Berlin" });
    assert.ok(performance.now() - started < 5_000, piece);
  }
});
