// Server-sent events, however the network cuts them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventReader } from "../../WebApp/app/core/eventStream.js";

const stream = 'retry: 1000\nid: 7-ab\n\n:\n\nid: 8-cd\nevent: task.updated\ndata: {"a":1}\n\ndata: one\ndata:two\n\n';
const wanted = [
  { id: "7-ab", event: "message", data: "" },
  { id: "8-cd", event: "task.updated", data: '{"a":1}' },
  { id: "8-cd", event: "message", data: "one\ntwo" },
];

test("a whole stream gives its events", () => assert.deepEqual(eventReader()(stream), wanted));

test("a stream that is cut anywhere gives the same events", () => {
  for (let cut = 0; cut <= stream.length; cut++) {
    const read = eventReader();
    assert.deepEqual([...read(stream.slice(0, cut)), ...read(stream.slice(cut))], wanted, `cut at ${cut}`);
  }
});

test("every line end is one, also when it is cut in two", () => {
  for (const end of ["\r\n", "\r", "\n"]) {
    const text = `id: 1${end}data: x${end}${end}id: 2${end}data: y${end}${end}`;
    const read = eventReader();
    const found = [...text].flatMap((sign) => read(sign)).concat(read("\n"));
    assert.deepEqual(found.map((one) => one.data), ["x", "y"], JSON.stringify(end));
  }
});

test("a sign of life is no event", () => assert.deepEqual(eventReader()(":\n\n: still here\n\n"), []));

test("an event that is not complete waits", () => {
  const read = eventReader();
  assert.deepEqual(read("data: hal"), []);
  assert.deepEqual(read("f\n"), []);
  assert.deepEqual(read("\n"), [{ id: "", event: "message", data: "half" }]);
});
