// What columns and their words mean, and that nothing in a file is dropped in silence.
import Foundation
import Model
import TaskFormats
import Testing

@Suite struct ColumnTests {
    @Test(
        "names and words in German, French and Spanish",
        arguments: [
            "Titel,Beschreibung,Status,Priorität,Fällig,Zugewiesen an,Schlagwörter\nA,b,erledigt,hoch,31.01.2030,ada,\"x, y\"\n",
            "Titre,Description,Statut,Priorité,Échéance,Assigné à,Étiquettes\nA,b,terminée,haute,31/01/2030,ada,\"x, y\"\n",
            "Título,Descripción,Estado,Prioridad,Vencimiento,Asignado a,Etiquetas\nA,b,completada,alta,31/01/2030,ada,\"x, y\"\n",
            "Task name,Notes,State,Importance,Due date,Assigned to,Tags\nA,b,Done,Important,1/31/2030,ada,\"x, y\"\n",
            "AUFGABE,NOTIZEN,STATUS,PRIO,FRIST,WER,KATEGORIEN\nA,b,ERLEDIGT,HOCH,31.01.2030,ada,\"x, y\"\n",
        ])
    func languages(text: String) throws {
        let file = try ReadFile(text)
        let draft = try #require(file.tasks.first, "\(file.faults)")
        #expect((draft.task.title, draft.task.description, draft.task.status, draft.task.priority) == ("A", "b", .completed, .high))
        #expect(draft.people == ["ada"] && draft.task.labels == ["x", "y"])
        #expect(try draft.task.due == day("2030-01-31"))
        #expect(file.named == [.title, .description, .status, .priority, .due, .assignee, .labels])
    }

    @Test(
        "truth values in four languages",
        arguments: [
            ("WAHR", true), ("VRAI", true), ("verdadero", true), ("ja", true), ("TRUE", true), ("x", true), ("1", true), ("FALSCH", false),
            ("FAUX", false), ("no", false), ("nein", false), ("0", false),
        ])
    func flags(word: String, expected: Bool) throws {
        for name in ["erledigt", "done", "Completed", "hecho", "Terminé"] {
            #expect(try ReadFile("title,\(name)\nA,\(word)\n").tasks.first?.task.status == (expected ? .completed : .pending), "\(name)")
        }
        #expect(try ReadFile("title,archiviert\nA,\(word)\n").tasks.first?.task.archived == expected)
        #expect(try ReadFile("title,aktiv\nA,\(word)\n").tasks.first?.task.archived == !expected)
    }

    @Test("0 and 1 under a bare status are a question, and columns is the answer; words of use are read as before")
    func status() throws {
        for word in ["0", "1"] {
            let file = try ReadFile("title,status\nA,\(word)\n")
            #expect(file.faults.map(\.column) == ["status"] && file.faults[0].detail.contains("columns"))
        }
        let completed = try ReadFile("title,status\nA,1\nB,0\n", ImportHints(columns: ["Status": "completed"]))
        #expect(completed.tasks.map(\.task.status) == [.completed, .pending] && completed.tasks.allSatisfy { !$0.task.archived })
        let active = try ReadFile("title,status\nA,1\nB,0\n", ImportHints(columns: ["status": "active"]))
        #expect(active.tasks.map(\.task.archived) == [false, true])
        let used = try ReadFile("task_name,status\nA,TRUE\nB,FALSE\nC,WAHR\nD,VRAI\n")
        #expect(used.tasks.map(\.task.archived) == [false, true, false, false])
        #expect(try ReadFile("title,status\nA,soon\n").faults.map(\.column) == ["status"])
        #expect(
            try ReadFile("title,progress\nA,50%\nB,100 %\nC,0%\nD,1%\n").tasks.map(\.task.status)
                == [.inProgress, .completed, .pending, .inProgress])
    }

    @Test("a time of completion makes a completed task, unless a status says otherwise, which is told")
    func completion() throws {
        let alone = try ReadFile("title,completed_at\nA,2029-11-05\nB,\n")
        #expect(alone.tasks.map(\.task.status) == [.completed, .pending])
        #expect(alone.tasks[0].completedAt == Instant("2029-11-05T00:00:00Z"))
        let empty = try ReadFile("title,status,completed_at\nA,,2029-11-05\n")
        #expect(empty.tasks[0].task.status == .completed)
        let contrary = try ReadFile("title,status,completed_at\nA,pending,2029-11-05\n")
        #expect(contrary.tasks[0].task.status == .pending && contrary.tasks[0].completedAt == nil)
        #expect(contrary.rows[0].notes.contains { $0.detail.contains("time of completion") })
    }

    @Test("an unknown column is left out and listed; columns maps names by hand, whatever their case, and leaves out")
    func mapping() throws {
        let text = "Betreff,Kostenstelle,Farbe,Raum\nA,4711,rot,12\n"
        let plain = try ReadFile(text)
        #expect(plain.plan.summary.ignored == ["Kostenstelle", "Farbe", "Raum"])
        #expect(plain.plan.summary.columns.map { [$0.name, $0.meaning] } == [["Betreff", "title"]])
        #expect(plain.tasks[0].task.labels.isEmpty)
        let mapped = try ReadFile(text, ImportHints(columns: ["kostenstelle": "label", "Raum": "detail", "Farbe": nil]))
        #expect(mapped.tasks[0].task.labels == ["4711"] && mapped.tasks[0].task.description == "Raum: 12")
        #expect(mapped.plan.summary.ignored == ["Farbe"])
        let turned = try ReadFile("Betreff,Text\nA,B\n", ImportHints(columns: ["Text": "title", "Betreff": "ignore"]))
        #expect(turned.tasks[0].task.title == "B")
        #expect(refusal(text, ImportHints(columns: ["Raum": "room"]))?.column == "Raum")
        #expect(refusal(text, ImportHints(columns: ["Ort": "title"]))?.detail.contains("no such column") == true)
        // Every field that the refusal names is one.
        let named = try #require(refusal(text, ImportHints(columns: ["Raum": "room"]))?.detail.split(separator: "the fields are ").last)
        for field in named.split(separator: ", ") where field != "title" {
            #expect(refusal("Betreff,Raum\nA,\n", ImportHints(columns: ["Raum": String(field)])) == nil, "\(field)")
        }
    }

    @Test("without a title the import asks which column it is; twice the same is refused; a weaker name stays as text")
    func headers() throws {
        let missing = try #require(refusal("Farbe,Raum\nrot,12\n"))
        #expect(missing.detail.contains("Farbe") && missing.detail.contains("columns"))
        #expect(refusal("title,Title\nA,B\n")?.detail.contains("two columns for title") == true)
        let two = try ReadFile("name,title\nA,B\n")
        #expect(two.tasks[0].task.title == "B" && two.tasks[0].task.description == "name: A")
        #expect(refusal("title,\(String(repeating: "\u{301}", count: 100))\nA,B\n")?.detail.contains("combining marks") == true)
        #expect(refusal((0..<600).map { "c\($0)" }.joined(separator: ",") + ",title\n") != nil)
    }

    @Test("empty columns at the end, short rows, blank rows and lines above the header are borne, and rows keep their numbers")
    func shapes() throws {
        let file = try ReadFile("Tasks of spring,,\n,,\ntitle,status,priority,,\nA,done\n\n,,,,\n\"two\nlines\",,high,,\nB,,,,x\n")
        #expect(file.plan.rowCount == 3 && file.plan.lastRow == 8)
        #expect(file.rows.filter { $0.draft != nil }.map(\.number) == [4, 7])
        #expect(file.tasks.map(\.task.title) == ["A", "two\nlines"] && file.tasks.map(\.task.status) == [.completed, .pending])
        #expect(file.rows.last?.faults.first?.detail.contains("5 fields") == true)
    }

    @Test("the numbers of accounts are not read as persons, and a name with its installation is")
    func people() throws {
        let file = try ReadFile(
            "title,assigned_user\nA,#92\nB,#92@tasks.example.com\nC,ada@example.com\nD,\"Ada Example <ada@example.com>\"\nE,ada;bob\n")
        #expect(
            file.tasks.map(\.people) == [[], ["#92@tasks.example.com"], ["ada@example.com"], ["ada@example.com", "Ada Example"], ["ada"]])
        #expect(file.rows[0].notes.count == 1 && file.rows[4].notes.count == 1)
        #expect(file.tasks[4].task.description == "Also assigned to: bob")
    }

    @Test("every fault of a row is told at once, under the names of the header")
    func faults() throws {
        let file = try ReadFile("Title,Status,PRIORITY,due_at,labels\n\" \",dune,very,soon,\(String(repeating: "x", count: 51))\n")
        #expect(file.faults.map(\.column) == ["Title", "Status", "PRIORITY", "labels", "due_at"])
        #expect(try ReadFile("title,description\nA,\(String(repeating: "ä", count: 20_000))\n").tasks.count == 1)
        #expect(try ReadFile("title,description\nA,\(String(repeating: "ä", count: 20_001))\n").faults.map(\.column) == ["description"])
        #expect(
            try ReadFile("title,description\nA,x\(String(repeating: "\u{301}", count: 40))\n").faults.first?.detail.contains("combining")
                == true)
    }

    @Test("labels are a list, formulas lose their guard")
    func texts() throws {
        #expect(try ReadFile("title,labels\nA,\"ops, \"\"a,b\"\",Ops\"\n").tasks[0].task.labels == ["ops", "a,b"])
        #expect(try ReadFile("title,Tags\nA,\"print; spring\"\n").tasks[0].task.labels == ["print", "spring"])
        #expect(try ReadFile("title,description\nA,'=1+1\nB,'tis\n").tasks.map(\.task.description) == ["=1+1", "'tis"])
    }

    @Test("a plan has at most 64 KiB, however many columns with long names a file has")
    func planSize() throws {
        let header = ["title"] + (0..<500).map { "Label \"\\ \($0) \(String(repeating: "ä\u{1}", count: 150))" }
        let columns = Dictionary(uniqueKeysWithValues: header.dropFirst().map { ($0, String?.some("detail")) })
        let row = header.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
        for hints in [ImportHints(), ImportHints(columns: columns)] {
            let file = try ReadFile(row + "\nA,b\n", hints)
            #expect(try JSONEncoder().encode(file.plan).count <= 64 << 10)
            #expect(try JSONDecoder().decode(TaskFilePlan.self, from: JSONEncoder().encode(file.plan)) == file.plan)
        }
    }

    @Test("a row has one due date, and a name that nobody can have is refused")
    func excess() throws {
        let file = try ReadFile("title,due_at,due_on\nA,2030-01-31T09:30:00Z,2030-01-31\nB,,2030-01-31\n")
        #expect(file.rows.map(\.faults.count) == [1, 0])
        #expect(try file.tasks.map(\.task.due) == [day("2030-01-31")])
        #expect(try ReadFile("title,assignee\nA,\(String(repeating: "x", count: 300))\n").faults.map(\.column) == ["assignee"])
    }

    @Test("a broken quote is named with its row")
    func brokenQuote() {
        #expect(refusal("title\nA\n\"B\n")?.detail.contains("row 3") == true)
    }
}
