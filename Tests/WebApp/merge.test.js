// Two states of one task, and what becomes of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clashes, isNews, merged, paired, takenBack } from "../../WebApp/app/tasks/merge.js";

const task = (more = {}) => ({ id: 7, title: "A", description: "d", labels: ["x"], due_at: null, due_on: null, version: 3, ...more });

test("changes of different fields do not clash", () => {
  assert.deepEqual(clashes(task(), task({ title: "B", version: 4 }), { description: "mine" }), []);
});

test("different changes of the same field clash, the same change does not", () => {
  assert.deepEqual(clashes(task(), task({ title: "B", labels: ["x", "y"] }), { title: "C", labels: ["x", "y"] }), ["title"]);
});

test("two people who complete a task agree", () => {
  const theirs = task({ status: "completed", completed_at: "2026-12-01T10:00:00.000Z" });
  assert.deepEqual(clashes(task({ status: "pending", completed_at: null }), theirs, { status: "completed" }), []);
});

test("nothing and an empty value are the same", () => {
  assert.deepEqual(clashes(task({ description: undefined }), task({ description: null }), { description: "mine" }), []);
});

test("a day and a time are two changes of one due date", () => {
  const theirs = task({ due_at: "2026-12-01T10:00:00.000Z" });
  assert.deepEqual(clashes(task(), theirs, { due_on: "2026-12-02" }), ["due_at"]);
  assert.deepEqual(paired({ due_on: "2026-12-01" }), { due_on: "2026-12-01", due_at: null });
  assert.deepEqual(paired({ due_at: null }), { due_at: null });
});

test("a newer version without its description does not keep the old one", () => {
  const { description, ...part } = task({ title: "B", version: 4 });
  assert.equal(merged(task(), part).description, undefined);
  assert.equal(merged(task(), { ...part, version: 3 }).description, description);
  assert.equal(merged(undefined, part), part);
});

test("what brings nothing new leaves the task the same object", () => {
  const known = task();
  assert.equal(merged(known, task()), known);
  const { description: _, ...part } = task();
  assert.equal(merged(known, part), known);
  assert.notEqual(merged(known, task({ labels: ["y"] })), known);
  assert.equal(isNews(known, task({ description: "e" })), true);
  assert.equal(isNews(known, task({ description: "e" }), "description"), false);
});

test("a change that was refused is taken back, later ones stay", () => {
  const before = task();
  const now = task({ title: "C", description: "later", version: 4 });
  const changes = { title: "B", description: "later" };
  assert.deepEqual(takenBack(now, changes, task(changes), before), task({ title: "C", version: 4 }));
});
