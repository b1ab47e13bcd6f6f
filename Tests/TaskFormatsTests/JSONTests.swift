// Files in JSON as programs and people make them: where their tasks are, and what else they have.
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
            (#"[{"title":"a"}]\#n[{"title":"b"}]"#, "line 2"), (#"[{"title":"a"}] trailing garbage"#, "behind task 1"),
            (#"[{"title":"a"}}"#, "“}”"), (#"[{"title":"a"]]"#, "in task 1"), (#"[{"title":"a"}] "b""#, "behind task 1"),
            (#"[{"title":"a"}]]"#, "too many"), (#"{"tasks":[{"title":"a"}],"tasks":[{"title":"b"}]}"#, "tasks"),
            (#"{"items":[{"title":"a"}],"tasks":[{"title":"b"}]}"#, "“tasks”"), (#"{"items":[{"title":"a"}]} x"#, "behind task 1"),
            (#"{"items":[{"title":"a"}]}\#n{"items":[{"title":"b"}]}"#, "items"), (#"{"items":[{"title":"a"}] x}"#, "not JSON"),
            (#"{"items":[]}"#, "no tasks"), (#"{"title":"a"}[{"title":"b"}]"#, "task 2"),
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
}
