// What rows are refused for, and how their faults show the text that is meant.
import Model
import TaskFormats
import Testing

@Suite struct RowTests {
    @Test("NUL is a fault of its row, in every kind of file and in every text")
    func nul() throws {
        let json = try ReadFile(#"[{"title":"good"},{"title":"n\u0000ul"},{"title":"B","assignee":"a\u0000da"}]"#)
        #expect(json.tasks.map(\.task.title) == ["good"])
        #expect(json.faults == [.init("title", "must not contain NUL"), .init("assignee", "must not contain NUL")])
        let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:n\u{0}ul\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
        #expect(try ReadFile(calendar).faults.map(\.detail) == ["must not contain NUL"])
        #expect(try ReadFile("(A) n\u{0}ul\n", ImportHints(kind: .todotxt)).faults.map(\.detail) == ["must not contain NUL"])
        for name in ["description", "labels", "comment", "detail", "label"] {
            let file = try ReadFile(#"[{"title":"A","x":"b\u0000"}]"#, ImportHints(columns: ["x": name == "comment" ? "detail" : name]))
            #expect(file.faults.map(\.detail) == ["must not contain NUL"], "\(name)")
        }
    }
}
