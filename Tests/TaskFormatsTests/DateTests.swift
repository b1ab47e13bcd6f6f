// Dates are decided by column, from what its rows allow.
import Model
import TaskFormats
import Testing

@Suite struct DateTests {
    private func due(_ rows: [String], _ hints: ImportHints = ImportHints()) throws -> [Due?] {
        let file = try ReadFile(table(rows), hints)
        #expect(file.faults.isEmpty, "\(file.faults)")
        return file.tasks.map(\.task.due)
    }

    private func table(_ rows: [String]) -> String {
        "title;due\n" + rows.enumerated().map { "task \($0.offset);\"\($0.element)\"\n" }.joined()
    }

    @Test("one row that is clear decides for all rows of the column, wherever it stands")
    func byColumn() throws {
        #expect(try due(["01/02/2030", "31/01/2030"]) == [day("2030-02-01"), day("2030-01-31")])
        #expect(try due(["31/01/2030", "01/02/2030"]) == [day("2030-01-31"), day("2030-02-01")])
        #expect(try due(["01/02/2030", "01/31/2030"]) == [day("2030-01-02"), day("2030-01-31")])
        #expect(try due(["1/2/30", "1/31/30"]) == [day("2030-01-02"), day("2030-01-31")])
        #expect(try due(["1-2-2030 9:30 PM", "13-2-2030"]) == [moment("2030-02-01T21:30:00Z"), day("2030-02-13")])
        // The order of a day that is the same in both does not matter.
        #expect(try due(["01/01/2030", "02/02/2030"]) == [day("2030-01-01"), day("2030-02-02")])
    }

    @Test("columns of one file may have different orders")
    func columns() throws {
        let file = try ReadFile("title,created_at,due\nA,31/12/2029,12/31/2030\nB,01/02/2029,01/02/2030\n")
        #expect(try file.tasks.map(\.task.due) == [day("2030-12-31"), day("2030-01-02")])
        #expect(file.tasks[1].createdAt?.start == Instant("2029-02-01T00:00:00Z"))
        #expect(file.plan.summary.notes.contains { $0.contains("due") && $0.contains("month/day/year") })
    }

    @Test("when the rows allow both orders the import asks with two rows, and takes date_order or the account's preference")
    func question() throws {
        let rows = ["01/02/2030", "2030-05-05", "03/04/2030"]
        let asked = try #require(refusal(table(rows)))
        #expect(asked.column == "due")
        for words in ["row 2", "01/02/2030", "row 4", "03/04/2030", "date_order"] {
            #expect(asked.detail.contains(words), "\(asked.detail)")
        }
        let dmy = try [day("2030-02-01"), day("2030-05-05"), day("2030-04-03")]
        let mdy = try [day("2030-01-02"), day("2030-05-05"), day("2030-03-04")]
        #expect(try due(rows, ImportHints(dateOrder: .dmy)) == dmy)
        #expect(try due(rows, ImportHints(dateOrder: .mdy)) == mdy)
        #expect(try due(rows, ImportHints(preferredDateOrder: .dmy)) == dmy)
        #expect(try due(rows, ImportHints(dateOrder: .mdy, preferredDateOrder: .dmy)) == mdy)
        #expect(try due(["01/02/03"], ImportHints(dateOrder: .ymd)) == [day("2001-02-03")])
        // What the rows say counts for more than what is preferred.
        #expect(try due(["31/01/2030", "01/02/2030"], ImportHints(dateOrder: .mdy)) == [day("2030-01-31"), day("2030-02-01")])
        #expect(try ReadFile(table(rows), ImportHints(dateOrder: .dmy)).plan.summary.dateOrder == .dmy)
    }

    @Test("date_order counts wherever it reads all rows of the column, also where they look like another order")
    func asked() throws {
        let ymd = ImportHints(dateOrder: .ymd)
        #expect(try due(["25/12/24", "26/01/05"], ymd) == [day("2025-12-24"), day("2026-01-05")])
        #expect(try due(["30/01/31"], ymd) == [day("2030-01-31")])
        #expect(try due(["30/01/15"], ymd) == [day("2030-01-15")])
        #expect(try due(["01/01/30"], ymd) == [day("2001-01-30")])
        // A year of four digits at the end shows that it is not the order of this column.
        #expect(try due(["25/12/24", "26/01/2005"], ymd) == [day("2024-12-25"), day("2005-01-26")])
        // What the account prefers is no word about this file.
        #expect(try due(["25/12/24"], ImportHints(preferredDateOrder: .ymd)) == [day("2024-12-25")])
    }

    @Test("rows of which no one order reads all are named, and with an order those that it does not read are faulty")
    func torn() throws {
        let rows = ["31/01/2030", "01/31/2030"]
        let asked = try #require(refusal(table(rows)))
        #expect(asked.detail.contains("row 2") && asked.detail.contains("row 3"))
        let file = try ReadFile(table(rows), ImportHints(dateOrder: .dmy))
        #expect(file.rows.map(\.faults.count) == [0, 1])
        let impossible = try ReadFile(table(["31/13/2030", "31/01/2030"]))
        #expect(impossible.rows.map(\.faults.count) == [1, 0])
    }

    @Test(
        "days are read in every usual form",
        arguments: [
            "2030-01-31", "20300131", "2030/01/31", "2030.1.31", "31.01.2030", "31.1.30", "1/31/30", "1/31/2030", "31-Jan-2030",
            "31/Jan/30",
            "January 31, 2030", "Jan 31 2030", "31 January 2030", "31st January 2030", "Thu, 31 Jan 2030", "31. Januar 2030",
            "31. Jan. 2030",
            "31. Jänner 2030", "Donnerstag, 31. Januar 2030", "31 janvier 2030", "jeudi 31 janv. 2030", "31 de enero de 2030",
            "31 ene 2030",
            "2030-Jan-31",
        ])
    func days(text: String) throws {
        #expect(try due([text]) == [day("2030-01-31")])
    }

    @Test(
        "names of months in German, French and Spanish",
        arguments: [
            ("3. März 2030", "2030-03-03"), ("3 mars 2030", "2030-03-03"), ("3 de marzo de 2030", "2030-03-03"),
            ("12. Mai 2030", "2030-05-12"),
            ("12 août 2030", "2030-08-12"), ("1er février 2030", "2030-02-01"), ("5 décembre 2030", "2030-12-05"),
            ("5. Dez. 2030", "2030-12-05"),
            ("mar 3 dec 2030", "2030-12-03"), ("7 de agosto de 2030", "2030-08-07"), ("9 Okt 2030", "2030-10-09"),
            ("9 juin 2030", "2030-06-09"),
        ])
    func months(text: String, expected: String) throws {
        #expect(try due([text]) == [day(expected)])
    }

    @Test(
        "times are read in every usual form, those without a zone in that of the account",
        arguments: [
            ("2030-01-31T09:30Z", "2030-01-31T09:30:00Z"), ("2030-01-31T09:30:00+0100", "2030-01-31T08:30:00Z"),
            ("2030-01-31T09:30+01", "2030-01-31T08:30:00Z"), ("20300131T093000Z", "2030-01-31T09:30:00Z"),
            ("2030-01-31T09:30:00.250Z", "2030-01-31T09:30:00.250Z"), ("2030-01-31 09:30", "2030-01-31T08:30:00Z"),
            ("2030-01-31T09:30:15", "2030-01-31T08:30:15Z"), ("1/31/2030 9:30 AM", "2030-01-31T08:30:00Z"),
            ("31/Jan/30 12:05 AM", "2030-01-30T23:05:00Z"), ("31/Jan/30 12:00 PM", "2030-01-31T11:00:00Z"),
            ("January 31, 2030 9:30 AM (GMT+1)", "2030-01-31T08:30:00Z"), ("31.01.2030 09:30", "2030-01-31T08:30:00Z"),
            ("31.01.2030, 9:30 Uhr", "2030-01-31T08:30:00Z"), ("31/01/2030 9h30", "2030-01-31T08:30:00Z"),
            ("31/01/2030 9:30 p. m.", "2030-01-31T20:30:00Z"), ("2030-07-31 09:30", "2030-07-31T07:30:00Z"),
            ("2030-01-31 09:30:00 UTC", "2030-01-31T09:30:00Z"), ("2030-01-31T09:30:00-05:00", "2030-01-31T14:30:00Z"),
        ])
    func times(text: String, expected: String) throws {
        #expect(try due([text], ImportHints(timeZone: "Europe/Berlin")) == [moment(expected)])
    }

    @Test("spreadsheets' day numbers and milliseconds count where the other rows of the column make them clear")
    func numbers() throws {
        #expect(try due(["47514", "2030-02-01"]) == [day("2030-01-31"), day("2030-02-01")])
        #expect(try due(["47514", "47515.5"]) == [day("2030-01-31"), moment("2030-02-01T12:00:00Z")])
        #expect(try due(["1896082200000"]) == [moment("2030-01-31T09:30:00Z")])
        let alone = try ReadFile(table(["47514"]))
        #expect(alone.faults.count == 1 && alone.faults[0].detail.contains("plain number"))
        let mixed = try ReadFile(table(["47514", "1896082200000", "2030-02-01"]))
        #expect(mixed.rows.map(\.faults.count) == [1, 1, 0])
    }

    @Test(
        "what is no date is a fault of its row",
        arguments: [
            "soon", "2030-02-30", "31.02.2030", "25:00", "2030-01-31T25:00", "0", "2030", "1/2/3/4", "Feb 30, 2030", "31/01/2030 13:30 PM",
            "\u{0301}", "2030-01-31T09:30 XYZ",
        ])
    func refused(text: String) throws {
        let file = try ReadFile(table([text]))
        #expect(file.faults.map(\.column) == ["due"], "\(file.tasks.map(\.task.due))")
    }

    @Test("an instant outside of the years 1 to 9999 in UTC is a fault of its row, and so is a day that begins there")
    func years() throws {
        for text in ["31-Dec-9999 23:30 -0100", "1 Jan 0001 00:00 +0100", "31-Dec-9999 24:00"] {
            for name in ["due", "created_at", "completed_at", "done"] {
                #expect(try ReadFile("title;\(name)\nA;\(text)\n").faults.map(\.column) == [name], "\(name) \(text)")
            }
        }
        let far = ImportHints(timeZone: "Pacific/Kiritimati")
        for name in ["due", "created_at", "completed_at", "done"] {
            let file = try ReadFile("title,\(name)\nA,0001-01-01\nB,9999-12-31\nC,0001-01-03\n", far)
            #expect(file.rows.map(\.faults.count) == [1, 0, 0], "\(name)")
        }
        #expect(try ReadFile("title,created_at\nA,0001-01-01 00:30\n", far).faults.count == 1)
        #expect(try due(["0001-01-01", "9999-12-31"]) == [day("0001-01-01"), day("9999-12-31")])
        #expect(try ReadFile("title,created_at\nA,9999-12-31 23:30\n", ImportHints(timeZone: "America/New_York")).faults.count == 1)
    }

    @Test("a day that is created_at begins at midnight of the account")
    func created() throws {
        let file = try ReadFile("title,created_at\nA,2029-11-20\n", ImportHints(timeZone: "Europe/Berlin"))
        #expect(file.tasks[0].createdAt == TimeText(start: try #require(Instant("2029-11-19T23:00:00Z")), isDay: true))
    }
}
