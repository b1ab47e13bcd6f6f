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
        for name in ["description", "labels", "detail", "label"] {
            let file = try ReadFile(#"[{"title":"A","x":"b\u0000"}]"#, ImportHints(columns: ["x": name]))
            #expect(file.faults.map(\.detail) == ["must not contain NUL"], "\(name)")
        }
    }

    @Test("the limit of a description is that of the whole, whatever it is made of")
    func descriptions() throws {
        let long = String(repeating: "x", count: 15_000)
        let two = try ReadFile("title,notes,description\nA,\(long),\(long)\nB,b,c\n")
        #expect(two.faults == [.init("", "the description must have at most 20000 characters, and has 30002 with all kept texts")])
        #expect(two.tasks.map(\.task.description) == ["b\n\nc"])
        let names = (0..<100).map { "c\($0)" }
        let columns = Dictionary(uniqueKeysWithValues: names.map { ($0, String?.some("description")) })
        let part = String(repeating: "x", count: 9_982)
        let many = try ReadFile(
            "title,\(names.joined(separator: ","))\nA,\(names.map { _ in part }.joined(separator: ","))\n", ImportHints(columns: columns))
        #expect(many.tasks.isEmpty && many.faults.count == 1)
        // Text that is kept from other columns counts as well.
        let kept = try ReadFile("title,description,Raum\nA,\(long),\(long)\n", ImportHints(columns: ["Raum": "detail"]))
        #expect(kept.tasks.isEmpty && kept.faults.map(\.column) == [""])
        let full = try ReadFile(
            "title,description,Raum\nA,\(String(repeating: "ä", count: 19_991)),1\n", ImportHints(columns: ["Raum": "detail"]))
        #expect(full.tasks.first?.task.description?.unicodeScalars.count == 20_000)
    }

    @Test("records without any text count for the limit of the survey, and for nothing else")
    func records() throws {
        for text in [#"[{"title":"a"},{},{},{}]"#, "title,status\na,\n,\n,\n,\n", "(A) a\n\n\n\n"] {
            var survey = TaskFileSurvey(ImportHints(), recordLimit: 4)
            try survey.take(Array(text.utf8))
            let plan = try survey.finish()
            #expect(survey.recordCount == 4 && survey.rowCount == 1 && plan.rowCount == 1, "\(text)")
            var smaller = TaskFileSurvey(ImportHints(), recordLimit: 3)
            try smaller.take(Array(text.utf8))
            let fault = #expect(throws: TaskFileFault.self) { try smaller.finish() }
            #expect(fault?.detail == "has more than 3 rows, including blank ones: remove the blank rows")
        }
    }

    @Test("1 under a percentage is everything only in a column of fractions")
    func percent() throws {
        func statuses(_ values: [String]) throws -> [TaskStatus] {
            try ReadFile("title;% complete\n" + values.map { "A;\($0)\n" }.joined()).tasks.map(\.task.status)
        }
        #expect(try statuses(["1", "2", "100"]) == [.inProgress, .inProgress, .completed])
        #expect(try statuses(["1", "0", "50%"]) == [.inProgress, .pending, .inProgress])
        #expect(try statuses(["0,5", "1", "0"]) == [.inProgress, .completed, .pending])
        #expect(try statuses(["0.5", "1", "1.5"]) == [.inProgress, .inProgress, .inProgress])
        #expect(try statuses(["0", "1"]) == [.pending, .completed])
        // A value that is a fault of its row tells nothing of the others.
        #expect(try statuses(["1", "200", "many"]) == [.completed])
        let json = try ReadFile(#"[{"title":"A"},{"title":"B","% complete":1},{"title":"C","% complete":40}]"#, pieces: 30)
        #expect(json.tasks.map(\.task.status) == [.pending, .inProgress, .inProgress])
    }

    @Test("a fault shows the text that is not understood, cut and made visible")
    func words() throws {
        func fault(_ column: String, _ text: String) throws -> String? {
            try ReadFile("title;\(column)\nA;\(text)\n").faults.first?.detail
        }
        #expect(try fault("priority", "P1") == "“P1” is none of low, medium, high, critical")
        #expect(
            try fault("status", "soon")
                == "“soon” is none of pending, in_progress, completed, nor true or false for in use or archived")
        #expect(try fault("done", "maybe") == "“maybe” is neither true nor false")
        #expect(try fault("% complete", "most") == "“most” is not a percentage from 0 to 100")
        #expect(
            try fault("due", "soon")
                == "“soon” is no date of the years 1 to 9999: write a day such as 2026-11-20, or a time such as 2026-11-20T09:30:00Z")
        #expect(try fault("due", "47514") == "“47514” is a plain number; if it is a date, write it as 2026-11-20")
        let long = try #require(try fault("priority", "\u{202e}" + String(repeating: "x", count: 100)))
        #expect(!long.contains("\u{202e}") && long.utf8.count < 100)
        let ordered = try ReadFile("title,due\nA,31/01/2030\nB,soon\n")
        #expect(
            ordered.faults.map(\.detail) == [
                "“soon” is no date of the years 1 to 9999: write a day such as 2026-11-20, or 20/11/2026 as the other rows of the column, or a time such as 2026-11-20T09:30:00Z"
            ])
    }

    @Test("todo.txt: of two due dates the first counts, and the others stay as text; a telephone number is no project")
    func todoWords() throws {
        let file = try ReadFile(
            "(A) do due:2030-01-31 due:2031-01-31 pri:C\nCall +49 170 12345 @home\nx oil pri:B pri:C pri:soon t:2030-01-01 t:b\n")
        #expect(file.faults.isEmpty, "\(file.faults)")
        #expect(file.tasks.map(\.task.title) == ["do due:2031-01-31 pri:C", "Call +49 170 12345", "oil pri:C pri:soon t:b"])
        #expect(file.tasks.map(\.task.priority) == [.critical, .medium, .high])
        #expect(try file.tasks[0].task.due == day("2030-01-31"))
        #expect(file.tasks.map(\.task.labels) == [[], ["home"], []])
        #expect(file.tasks[2].task.description == "t: 2030-01-01")
    }

    @Test("columns for one field: which are joined, and which are refused")
    func repeated() throws {
        let joined = try ReadFile("title,notes,description,tags,labels,assignee,assignee\nA,b,c,x,y,ada,bob\n")
        let task = try #require(joined.tasks.first)
        #expect(task.task.description == "b\n\nc\n\nAlso assigned to: bob" && task.task.labels == ["x", "y"] && task.people == ["ada"])
        for name in ["title", "status", "priority", "due_at", "archived", "active", "done", "% complete", "completed_at", "created_at"] {
            let title = name == "title" ? "" : "title,"
            #expect(refusal("\(title)\(name),\(name.uppercased())\nA,,\n")?.detail.contains("two columns for") == true, "\(name)")
        }
        let twice = ImportHints(columns: ["Raum": "title", "Farbe": "title"])
        #expect(refusal("Raum,Farbe\nA,B\n", twice)?.detail.contains("two columns for title") == true)
        let sides = try ReadFile("title,due_at,due_on\nA,2030-01-31,\nB,,2030-01-31\nC,2030-01-31,2030-01-31\n")
        #expect(sides.rows.map(\.faults.count) == [0, 0, 1])
        let states = try ReadFile("title,status,done,% complete,archived,active\nA,doing,false,40,false,true\n")
        #expect(states.tasks.first?.task.status == .inProgress && states.plan.summary.notes.isEmpty)
    }
}
