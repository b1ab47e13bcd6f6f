// The history of a task in sentences, and the way back.
import assert from "node:assert/strict";
import { before, test } from "node:test";

globalThis.localStorage ??= { getItem: () => null, setItem() {}, removeItem() {} };
globalThis.navigator ??= { languages: ["en"], language: "en" };
globalThis.location ??= { pathname: "/", search: "" };
// A real one would keep the test from ending.
globalThis.BroadcastChannel = class {
  postMessage() {}
};

let words;
before(async () => {
  const { loadMessages } = await import("../../WebApp/app/core/messages.js");
  const { people } = await import("../../WebApp/app/tasks/people.js");
  await loadMessages("task");
  people.byId[1] = { id: 1, username: null, name: "Ada" };
  people.byId[2] = { id: 2, username: "bob", name: null };
  words = await import("../../WebApp/app/views/task/historyWords.js");
});

const plain = (text) => text.replaceAll(/[\u2068\u2069]/g, "");
const entry = (changes, more = {}) => ({ key: "k", at: "2026-11-20T09:30:00.000Z", actor: 1, action: "task.updated", changes, ...more });
const said = (changes, more) => plain(words.sentence(entry(changes, more)));

test("each change is a sentence", () => {
  assert.equal(said([{ field: "status", from: "pending", to: "completed" }]), "Ada moved it from Pending to Completed");
  assert.equal(said([{ field: "assignee_id", from: null, to: 2 }]), "Ada assigned it to bob");
  assert.equal(said([{ field: "labels", from: ["a", "b"], to: ["a", "c"] }]), "Ada added the label c and removed the label b");
  assert.equal(said([], { action: "task.created" }), "Ada created it");
  assert.equal(said([{ field: "archived", from: false, to: true }], { actor: null }), "The server archived it");
});

test("a due date is one thing in two fields", () => {
  const both = [{ field: "due_at", from: null, to: "2026-12-01T10:00:00.000Z" }, { field: "due_on", from: "2026-12-01", to: null }];
  assert.match(said(both), /^Ada moved the due date from .*1.* to .*1.*$/);
  assert.match(said([{ field: "due_on", from: null, to: "2026-12-01" }]), /^Ada set the due date to /);
});

test("a long title does not fill the sentence", () => {
  const change = { field: "title", from: "short", to: "x".repeat(200) };
  assert.ok(said([change]).length < 130);
  assert.ok(words.isLong(change));
});

test("events of one request become one entry", () => {
  const event = (id, request, field) => ({
    id,
    request_id: request,
    actor_id: 1,
    at: "2026-11-20T09:30:00.000Z",
    action: "task.updated",
    changes: [{ field, from: "a", to: "b" }],
  });
  const entries = words.entriesOf([event(3, "two", "title"), event(2, "one", "title"), event(1, "one", "description")]);
  assert.deepEqual(entries.map((one) => one.changes.map((change) => change.field)), [["title"], ["description", "title"]]);
});

test("the way back holds only what is different now", () => {
  const task = { title: "B", labels: ["a"], due_at: "2026-12-01T10:00:00.000Z", due_on: null, status: "pending" };
  const changes = [
    { field: "title", from: "A", to: "B" },
    { field: "labels", from: ["a"], to: [] },
    { field: "completed_at", from: "2026-12-01T10:00:00.000Z", to: null },
  ];
  assert.deepEqual(words.inverseOf(entry(changes), task), { title: "A" });
  assert.deepEqual(words.inverseOf(entry([{ field: "due_at", from: null, to: task.due_at }]), task), { due_at: null });
  assert.deepEqual(words.inverseOf(entry([{ field: "due_on", from: "2026-12-02", to: null }]), task), { due_on: "2026-12-02" });
  assert.deepEqual(words.inverseOf(entry(changes, { action: "task.created" }), task), {});
});
