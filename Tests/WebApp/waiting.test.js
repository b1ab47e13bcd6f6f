// The queue of changes that were made without the server: their order, new ids, and how tasks look meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newestOwn, noteOwn } from "../../WebApp/app/tasks/ownVersions.js";
import { nextToSend, renamed, withWaiting } from "../../WebApp/app/tasks/waiting.js";

const change = (place, taskId, more = {}) => ({
  place,
  taskId,
  key: `key ${place}`,
  method: "PATCH",
  path: `/tasks/${taskId}`,
  body: { title: `title ${place}` },
  words: "",
  ...more,
});
const created = (place, taskId, more = {}) => change(place, taskId, { method: "POST", path: "/tasks", ...more });

test("changes are sent in the order in which they were made", () => {
  assert.equal(nextToSend([change(1, 7), change(2, 8)]).place, 1);
  assert.equal(nextToSend([]), null);
});

test("what was refused holds back later changes of its task, and no others", () => {
  const refused = change(1, 7, { problem: "no" });
  assert.equal(nextToSend([refused, change(2, 7), change(3, 8)]).place, 3);
  assert.equal(nextToSend([refused, change(2, 7)]), null);
});

test("a place beside a task that was refused waits, too", () => {
  const move = change(2, 8, { method: "POST", path: "/tasks/8/move", body: { after: -5 } });
  assert.equal(nextToSend([created(1, -5, { problem: "no" }), move]), null);
});

test("a task that got its number takes its later changes along", () => {
  const move = change(4, 8, { method: "POST", path: "/tasks/8/move", body: { before: -5, status: "pending" } });
  const all = [change(2, -5), change(3, 9), move];
  assert.deepEqual(renamed(all, -5, 42), [
    { ...all[0], taskId: 42, path: "/tasks/42" },
    { ...move, body: { before: 42, status: "pending" } },
  ]);
});

test("tasks look as if every waiting change was made", () => {
  const known = [{ id: 7, title: "Old", due_at: "2026-12-01T10:00:00.000Z", due_on: null }, { id: 8, title: "Away" }];
  const waiting = [
    created(1, -5, { body: { title: "New", labels: ["a"] }, at: 0, user: 3 }),
    change(2, 7, { body: { due_on: "2026-12-02" } }),
    change(3, 8, { method: "DELETE" }),
    change(4, -5, { body: { title: "Newer" } }),
    change(5, 99),
  ];
  const found = withWaiting(known, waiting);
  assert.deepEqual(found.map((task) => task.id), [7, -5]);
  assert.deepEqual([found[0].due_on, found[0].due_at, found[0].isWaiting], ["2026-12-02", null, true]);
  assert.deepEqual([found[1].title, found[1].labels, found[1].owner_id, found[1].status], ["Newer", ["a"], 3, "pending"]);
});

const batch = (place, ids, changes, action = "update") =>
  change(place, 0, { method: "POST", path: "/tasks/batch", body: { action, ids, changes } });
const undo = (place, undoes) => change(place, 0, { method: "POST", path: "", body: {}, undoes });

test("a change of many tasks waits for those that were refused, and takes the numbers of new ones", () => {
  assert.equal(nextToSend([change(1, 7, { problem: "no" }), batch(2, [8, 7], {})]), null);
  assert.equal(nextToSend([batch(1, [7], {}), change(2, 7)]).place, 1);
  assert.equal(nextToSend([{ ...batch(1, [7, 8], {}), problem: "no" }, change(2, 8), change(3, 9)]).place, 3);
  assert.deepEqual(renamed([batch(2, [7, -5], {})], -5, 42)[0].body.ids, [7, 42]);
});

test("tasks look as if a change of many was made", () => {
  const known = [
    { id: 7, labels: ["a", "b"], due_on: "2026-12-31", due_at: null, status: "pending" },
    { id: 8, labels: [], due_on: null, due_at: "2026-12-31T10:00:00.000Z", status: "pending" },
    { id: 9, labels: [], due_on: null, due_at: null, status: "pending" },
  ];
  const found = withWaiting(known, [
    batch(1, [7, 8], { shift_due: 1 }),
    batch(2, [7, 99], { add_labels: ["c"], remove_labels: ["a"] }),
    batch(3, [8], undefined, "complete"),
    batch(4, [9], undefined, "delete"),
  ]);
  assert.deepEqual(found.map((task) => task.id), [7, 8]);
  assert.deepEqual([found[0].due_on, found[0].labels, found[0].isWaiting], ["2027-01-01", ["b", "c"], true]);
  assert.deepEqual([found[1].due_at, found[1].status], ["2027-01-01T10:00:00.000Z", "completed"]);
});

test("what is taken back again looks as if it was never done", () => {
  const known = [{ id: 7, title: "Old" }];
  const waiting = [change(1, 7), undo(2, "key 1")];
  assert.deepEqual(withWaiting(known, waiting), known);
  assert.equal(withWaiting(known, [...waiting, undo(3, "key 2")])[0].title, "title 1");
  assert.equal(nextToSend([{ ...waiting[0], problem: "no" }, waiting[1]]), null);
});

test("a change that was begun before its predecessor was answered is sent with the newest own version", () => {
  noteOwn(1, 4, 5);
  noteOwn(1, 5, 6);
  assert.equal(newestOwn(1, 4), 6);
  assert.equal(newestOwn(1, 5), 6);
  assert.equal(newestOwn(1, 6), 6);
  assert.equal(newestOwn(1, 3), 3, "somebody else made version 4");
  noteOwn(1, 8, 9);
  assert.equal(newestOwn(1, 4), 4, "somebody else made versions 7 and 8");
});
