// Which tasks a filter of the address lets through, and in which order they stand.
import assert from "node:assert/strict";
import { test } from "node:test";

// The page's modules look at the browser when they are loaded.
Object.assign(globalThis, {
  addEventListener() {},
  localStorage: { getItem: () => null, setItem() {}, removeItem() {} },
  BroadcastChannel: class {
    postMessage() {}
  },
});

const { addDays, instantOf } = await import("../../WebApp/app/core/days.js");
const { today } = await import("../../WebApp/app/core/format.js");
const { preferences } = await import("../../WebApp/app/core/preferences.js");
const { session } = await import("../../WebApp/app/core/session.js");
const { dueGroup, filterOf, hasFilter, isOverdue, matches, order, weekOf } = await import("../../WebApp/app/tasks/filters.js");

const zone = "Europe/Berlin";
session.user = /** @type {any} */ ({ id: 1, time_zone: zone });
preferences.first_weekday = "monday";

/** @typedef {import("../../WebApp/app/tasks/filters.js").Task} Task */

/** @param {Partial<Task>} [fields] @returns {Task} */
const task = (fields = {}) => ({
  id: 1,
  title: "Pay rent",
  status: "pending",
  priority: "medium",
  owner_id: 1,
  assignee_id: null,
  labels: [],
  due_at: null,
  due_on: null,
  archived: false,
  completed_at: null,
  created_at: "2026-11-20T09:00:00.000Z",
  updated_at: "2026-11-20T09:00:00.000Z",
  version: 1,
  ...fields,
});
/** @param {string} query @param {Partial<Task>} [fields] */
const fits = (query, fields) => matches(task(fields), filterOf(new URLSearchParams(query)));

test("the address gives the API what it understands, and nothing else", () => {
  const filter = filterOf(
    new URLSearchParams(
      "status=pending&status=in_progress&sort=title&task=4&group=label&q=",
    ),
  );
  assert.equal(`${filter}`, "status=pending&status=in_progress&archived=false");
});

test("what a view fixes takes the place of what the address says", () => {
  assert.equal(
    `${
      filterOf(new URLSearchParams("status=pending&label=a"), {
        status: ["completed"],
      })
    }`,
    "label=a&archived=false&status=completed",
  );
});

test("archived tasks are hidden, shown, or alone", () => {
  assert.deepEqual(
    ["", "archived=any", "archived=true"].map((query) => filterOf(new URLSearchParams(query)).get("archived")),
    ["false", null, "true"],
  );
  assert.equal(fits("", { archived: true }), false);
  assert.equal(fits("archived=any", { archived: true }), true);
  assert.equal(fits("archived=true"), false);
});

test("today and this week mean something else every day", () => {
  assert.equal(
    filterOf(new URLSearchParams("due=today")).get("due_on"),
    today(),
  );
  const [first, last] = weekOf(today());
  for (const day of [first, last]) {
    assert.equal(fits("due=week", { due_on: day }), true, day);
  }
  for (const day of [addDays(first, -1), addDays(last, 1)]) {
    assert.equal(fits("due=week", { due_on: day }), false, day);
  }
  assert.equal(
    fits("due=week", { due_at: instantOf(first, "00:00", zone) }),
    true,
  );
  assert.equal(
    fits("due=week", { due_at: instantOf(addDays(last, 1), "00:00", zone) }),
    false,
  );
  assert.equal(fits("due=week"), false);
});

test("a week begins with the first weekday of the person", () => {
  assert.deepEqual(weekOf("2026-11-29"), ["2026-11-23", "2026-11-29"]);
  preferences.first_weekday = "sunday";
  assert.deepEqual(weekOf("2026-11-29"), ["2026-11-29", "2026-12-05"]);
  preferences.first_weekday = "monday";
});

test("filters for nothing", () => {
  assert.equal(fits("assignee_id=none"), true);
  assert.equal(fits("assignee_id=none", { assignee_id: 2 }), false);
  assert.equal(fits("due=none"), true);
  assert.equal(fits("due=none", { due_on: "2026-12-01" }), false);
  assert.equal(fits("label=none"), true);
  assert.equal(fits("label=none", { labels: ["none"] }), false);
  assert.equal(fits('label="none"', { labels: ["None"] }), true);
});

test("one of several values is enough, of label_all each is needed", () => {
  assert.equal(fits("label=a&label=b", { labels: ["B"] }), true);
  assert.equal(fits("label_all=a&label_all=b", { labels: ["b"] }), false);
  assert.equal(fits("label_all=a&label_all=b", { labels: ["b", "A"] }), true);
  assert.equal(fits("status=completed&status=pending"), true);
  assert.equal(fits("priority=high"), false);
});

test("whose tasks", () => {
  assert.equal(fits("", { owner_id: 2 }), false);
  assert.equal(fits("", { owner_id: 2, assignee_id: 1 }), true);
  assert.equal(fits("scope=owned", { owner_id: 2, assignee_id: 1 }), false);
  assert.equal(fits("scope=assigned"), false);
  assert.equal(fits("scope=all", { owner_id: 2 }), true);
});

test("bounds leave their own instant out", () => {
  const at = "2026-11-20T09:00:00.000Z";
  assert.equal(fits(`created_after=${at}`), false);
  assert.equal(
    fits(
      "created_after=2026-11-20T08:59:59Z&created_before=2026-11-20T09:00:01Z",
    ),
    true,
  );
  assert.equal(fits(`completed_after=${at}`), false);
  assert.equal(fits(`due_before=${at}`), false);
});

test("only the server can tell what a search finds", () => {
  assert.equal(fits("q=rent"), null);
  assert.equal(fits("q=rent&priority=high"), false);
});

test("overdue is what is open and past its end", () => {
  const past = { due_on: addDays(today(), -1) };
  assert.equal(isOverdue(task(past)), true);
  assert.equal(isOverdue(task({ ...past, status: "completed" })), false);
  assert.equal(isOverdue(task({ ...past, archived: true })), false);
  assert.equal(isOverdue(task({ due_on: today() })), false);
  assert.equal(
    isOverdue(task({ due_at: new Date(Date.now() - 1000).toISOString() })),
    true,
  );
});

test("groups of the due date", () => {
  const now = today();
  /** @type {[Partial<Task>, string][]} */
  const wanted = [
    [{}, "none"],
    [{ due_on: addDays(now, -1) }, "overdue"],
    [{ due_on: addDays(now, -1), status: "completed" }, "earlier"],
    [{ due_on: now }, "today"],
    [{ due_on: addDays(now, 1) }, "tomorrow"],
    [{ due_on: addDays(now, 7) }, "week"],
    [{ due_on: addDays(now, 8) }, "later"],
  ];
  for (const [fields, group] of wanted) {
    assert.equal(dueGroup(task(fields)), group);
  }
});

test("the order is the server’s: without a value last, then by id", () => {
  const all = [
    task({ id: 3 }),
    task({ id: 1, due_on: "2026-12-02" }),
    task({ id: 4, due_at: "2026-12-01T10:00:00Z" }),
    task({ id: 2 }),
  ];
  const ids = (/** @type {string} */ sort) => all.toSorted(order(sort)).map((one) => one.id);
  assert.deepEqual(ids("due_at"), [4, 1, 2, 3]);
  assert.deepEqual(ids("-due_at"), [1, 4, 3, 2]);
  const titled = [
    task({ id: 1, title: "b" }),
    task({ id: 2, title: "A" }),
    task({ id: 3, title: "ä" }),
  ];
  assert.deepEqual(titled.toSorted(order("title")).map((one) => one.id), [
    2,
    3,
    1,
  ]);
});

test("a day ends at midnight of the person, after every time of it", () => {
  const day = task({ id: 1, due_on: "2026-12-01" });
  const late = task({ id: 2, due_at: instantOf("2026-12-01", "23:30", zone) });
  const next = task({ id: 3, due_at: instantOf("2026-12-02", "00:00", zone) });
  assert.deepEqual(
    [next, day, late].toSorted(order("due_at")).map((one) => one.id),
    [2, 1, 3],
  );
});

test("what counts as a filter", () => {
  assert.deepEqual(
    ["", "scope=all", "sort=title", "label=a"].map((query) => hasFilter(new URLSearchParams(query))),
    [false, false, false, true],
  );
});
