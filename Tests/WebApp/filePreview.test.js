// Tests the preview of a file that is to be imported.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, previewOf, tableRows } from "../../WebApp/app/views/transfer/filePreview.js";

test("fields in quotes keep separators, quotes and line breaks", () => {
  assert.deepEqual(tableRows('a,"b,""c""\nd"\r\ne,f', ",", 10), [["a", 'b,"c"\nd'], ["e", "f"]]);
});

test("no more rows are read than asked for", () => assert.equal(tableRows("a\nb\nc\nd\n", ",", 2).length, 2));

test("a field without an end stops at the end of the text", () => assert.deepEqual(tableRows('a,"b', ",", 5), [["a", "b"]]));

test("the head is the row that has the names which the server found", () => {
  const text = "Export of today\n\nTitle;Due\nPay rent;2030-01-31\nBuy milk;\n";
  assert.deepEqual(previewOf(text, { format: "csv", delimiter: "semicolon", names: ["Title", "Due"] }), {
    columns: ["Title", "Due"],
    rows: [["Pay rent", "2030-01-31"], ["Buy milk", ""]],
  });
});

test("without word of the server the likeliest separator counts, and sep= is no row", () => {
  assert.deepEqual(previewOf("sep=;\na;b\n1;2\n", {})?.columns, ["a", "b"]);
  assert.deepEqual(previewOf("a\tb\n1\t2\n", {})?.rows, [["1", "2"]]);
});

test("rows that are too short are filled", () => assert.deepEqual(previewOf("a,b,c\n1\n", {})?.rows, [["1", "", ""]]));

test("a head that is not there gives no preview", () => assert.equal(previewOf("a,b\n1,2\n", { format: "csv", names: ["x"] }), null));

test("JSON shows the members of its first objects", () => {
  assert.deepEqual(previewOf('{"tasks": [{"title": "A", "tags": ["x"]}, {"title": "B", "due": null}]}', {}), {
    columns: ["title", "tags", "due"],
    rows: [["A", '["x"]', ""], ["B", "", ""]],
  });
  assert.deepEqual(previewOf('{"title": "A"}\n{"title": "B"}\n', { format: "json" })?.rows, [["A"], ["B"]]);
  assert.equal(previewOf('[{"title": "cut o', { format: "json" }), null);
});

test("a calendar shows its to-dos", () => {
  const text =
    "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:Pay\\, the\r\n  rent\r\nDUE;VALUE=DATE:20300131\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";
  assert.deepEqual(previewOf(text, {})?.rows, [["Pay, the rent", "20300131", "", "", ""]]);
});

test("todo.txt shows its lines", () =>
  assert.deepEqual(previewOf("(A) Pay rent\n\nx Buy milk\n", { format: "todo.txt" })?.rows, [["(A) Pay rent"], ["x Buy milk"]]));

test("bytes are read in the encoding that the server names, and by their mark", () => {
  assert.equal(decode(new Uint8Array([0xe4]), "windows-1252"), "ä");
  assert.equal(decode(new Uint8Array([0x8a]), "macintosh"), "ä");
  assert.equal(decode(new Uint8Array([0xff, 0xfe, 0x61, 0x00]), "utf-16"), "a");
  assert.equal(decode(new Uint8Array([0xfe, 0xff, 0x00, 0x61])), "a");
});
