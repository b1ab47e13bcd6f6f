// Files in JSON as programs and people make them: where their tasks are, and what else they have.
import Foundation
import Model
import TaskFormats
import Testing

@Suite struct JSONTests {
    @Test("Google Tasks is recognised by the kind of its outermost object, not by words of a task")
    func googleByStructure() throws {
        let file = try ReadFile(#"[{"title":"why \"tasks#task\" kind?"},{"title":"b","kind":"tasks#task"}]"#)
        #expect(file.tasks.map(\.task.title) == ["why \"tasks#task\" kind?", "b"] && file.plan.summary.product == nil)
        let list = try ReadFile(#"{"etag":"x","kind":"tasks#tasks","title":"Home","items":[{"kind":"tasks#task","title":"a"}]}"#)
        #expect(list.plan.summary.product == "Google Tasks" && list.tasks.map(\.task.labels) == [["Home"]])
        let lists = try ReadFile(#"{"kind":"tasks#taskLists","items":[{"title":"Empty"},{"title":"Home","items":[{"title":"a"}]}]}"#)
        #expect(lists.tasks.map(\.task.title) == ["a"])
    }

    @Test(
        "a file of Google Tasks without tasks is refused",
        arguments: [
            #"{"kind":"tasks#taskLists"}"#, #"{"kind":"tasks#tasks","items":{}}"#, #"{"kind":"tasks#tasks","items":[]}"#,
            #"{"kind":"tasks#tasks","items":[7]}"#,
        ])
    func googleWithoutItems(text: String) { #expect(refusal(text) != nil) }

    @Test("an object that has a title or is one of several is a task, whatever lists it has", arguments: ["items", "tasks", "data"])
    func tasksWithLists(name: String) throws {
        let lines = try ReadFile(
            #"{"title":"a","\#(name)":[{"title":"sub1"}]}\#n{"title":"b","\#(name)":[{"title":"sub2"}]}\#n{"title":"c"}"#)
        #expect(lines.tasks.map(\.task.title) == ["a", "b", "c"] && lines.plan.summary.ignored == [name])
        let late = try ReadFile(#"{"\#(name)":[{"x":1}],"size":2} {"\#(name)":[],"title":"b"}"#)
        #expect(late.tasks.map(\.task.title) == ["b"] && late.faults.count == 1)
        let one = try ReadFile(#"{"\#(name)":[{"title":"sub1"}],"title":"a"}"#)
        #expect(one.tasks.map(\.task.title) == ["a"] && one.plan.summary.notes.contains { $0.contains("“\(name)”") })
    }

    @Test(
        "nothing behind or beside the tasks is lost: the place is named",
        arguments: [
            (#"[{"title":"a"}]\#n[{"title":"b"}]"#, "line 2"), (#"[{"title":"a"}] trailing garbage"#, "after task 1"),
            (#"[{"title":"a"}}"#, "“}”"), (#"[{"title":"a"]]"#, "in task 1"), (#"[{"title":"a"}] "b""#, "after task 1"),
            (#"[{"title":"a"}]]"#, "extra closing"), (#"{"tasks":[{"title":"a"}],"tasks":[{"title":"b"}]}"#, "tasks"),
            (#"{"items":[{"title":"a"}],"tasks":[{"title":"b"}]}"#, "“tasks”"), (#"{"items":[{"title":"a"}]} x"#, "after task 1"),
            (#"{"items":[{"title":"a"}]}\#n{"items":[{"title":"b"}]}"#, "items"), (#"{"items":[{"title":"a"}] x}"#, "not JSON"),
            (#"{"items":[]}"#, "no tasks"), (#"{"next":1,"data":["a"]}"#, "“data”"), (#"{"title":"a"}[{"title":"b"}]"#, "task 2"),
        ])
    func leftover(text: String, words: String) {
        let fault = refusal(text)
        #expect(fault?.detail.contains(words) == true, "\(String(describing: fault))")
    }

    @Test("an empty list beside the tasks does no harm, and other lists beside them are named")
    func besideTasks() throws {
        let file = try ReadFile(#"{"items":[],"tasks":[{"title":"real"}],"people":[{"name":"Ada"}],"next":null}"#, pieces: 7)
        #expect(file.tasks.map(\.task.title) == ["real"])
        #expect(file.plan.summary.notes.contains { $0.contains("“people”") && !$0.contains("next") })
    }

    @Test("names that mean something are read however many others there are, in the first tasks and in later ones", arguments: [1, 400])
    func manyNames(names: Int) throws {
        let others = (0..<400).map { "\"field \($0)\":1" }
        let tasks = stride(from: 0, to: 400, by: names).map { "{\"title\":\"a\",\(others[$0..<($0 + names)].joined(separator: ","))}" }
        let last = #"{"title":"b","due":"2030-01-31","labels":["x"],"status":"done"}"#
        let file = try ReadFile("[" + (tasks + [last]).joined(separator: ",") + "]")
        #expect(file.faults.isEmpty, "\(file.faults)")
        let task = try #require(file.tasks.last).task
        #expect(try task.due == day("2030-01-31") && task.labels == ["x"] && task.status == .completed)
        #expect(file.plan.summary.ignored.count == 100 && file.plan.summary.notes.contains { $0.contains("400") })
    }

    @Test("more names for text than are read are refused, and with hints that leave them out they are read")
    func tooManyNames() throws {
        let names = (0..<250).map { "extra \($0)" }
        let text = "[{\"title\":\"a\",\(names.map { "\"\($0)\":1" }.joined(separator: ","))}]"
        let hints = { (field: String) in ImportHints(columns: Dictionary(uniqueKeysWithValues: names.map { ($0, String?.some(field)) })) }
        #expect(refusal(text, hints("detail"))?.detail.contains("200") == true)
        #expect(try ReadFile(text, hints("ignore")).tasks.count == 1)
    }

    @Test("names that are long or have control characters are listed, cut")
    func oddNames() throws {
        let long = String(repeating: "long ", count: 50)
        let file = try ReadFile("[{\"title\":\"a\",\"\(long)\":1,\"tab\\tname\":2,\"weight\":3}]")
        let ignored = file.plan.summary.ignored
        #expect(ignored.count == 3 && ignored.contains("weight") && ignored.contains { $0.hasPrefix("long long") && $0.utf8.count <= 60 })
        #expect(ignored.contains { $0.contains("tab") }, "\(ignored)")
    }

    @Test("a time with a zone beside it is in that zone, a day is a day, and a zone that is not known is told")
    func zones() throws {
        let file = try ReadFile(
            """
            {"title":"a","due":{"dateTime":"2030-01-01T10:00:00","timeZone":"America/New_York"}}
            {"title":"b","due":{"date":"2030-01-01","timezone":"America/New_York"}}
            {"title":"c","due":{"dateTime":"2030-01-01T10:00:00.0000000","timeZone":"Home"}}
            {"title":"d","due":{"dateTime":"2030-01-01T10:00:00Z","timeZone":"America/New_York"}}
            """, ImportHints(timeZone: "Europe/Berlin"))
        #expect(file.faults.isEmpty, "\(file.faults)")
        let expected = try [
            moment("2030-01-01T15:00:00Z"), day("2030-01-01"), moment("2030-01-01T09:00:00Z"), moment("2030-01-01T10:00:00Z"),
        ]
        #expect(file.tasks.map(\.task.due) == expected)
        #expect(file.plan.summary.notes.contains { $0.contains("“Home”") })
    }

    @Test("a plan has at most 64 KiB, whatever the names are")
    func planSize() throws {
        for sign in ["\"", "/", "\u{200e}", "x"] {
            let names = (0..<600).map { "\($0) " + String(repeating: sign, count: (55 / sign.utf8.count) / ($0 % 2 + 1)) }
            let hints = ImportHints(
                columns: Dictionary(uniqueKeysWithValues: names.prefix(sign == "x" ? 199 : 0).map { ($0, String?.some("detail")) }))
            let members = names.map { "\"\($0.replacing("\"", with: "\\\""))\":1" }.joined(separator: ",")
            let file = try ReadFile("[{\"title\":\"a\",\(members)}]", hints)
            let size = try JSONEncoder().encode(file.plan).count
            #expect(size <= 64 << 10, "\(sign): \(size)")
        }
    }
}
