// Reports as PDF, read back by tools that know nothing of us.
import Model
import Reports
import Synchronization
import TestKit
import Testing

private let now = Instant.seconds(1_795_176_000)

private func row(_ id: Int64, _ title: String, _ status: TaskStatus = .pending, due: Due? = nil, isOverdue: Bool = false) -> ReportData.Row
{
    .init(id: ID(id), title: title, status: status, priority: .high, assignee: "bob", due: due, isOverdue: isOverdue)
}

/// A report over so many pending tasks, of which those given are listed.
private func report(_ rows: [ReportData.Row], total: Int64? = nil, overdue: [ReportData.Row] = [], overdueCount: Int64 = 0) -> ReportData {
    let total = total ?? Int64(rows.count)
    let range = ReportRange(upTo: now.day)
    let days = (0..<ReportRange.usual).map {
        ReportData.DayEnd(day: Day(number: range.from.number + $0), tasks: total * ($0 + 1) / 30, completed: total * $0 / 60)
    }
    return ReportData(
        audience: "Tasks of ada", range: range, timeZone: "UTC", madeAt: now, byStatus: [.pending: total], byPriority: [.high: total],
        overdue: overdueCount, createdInRange: total, completedInRange: 0, burnUp: days, overdueTasks: overdue, tasks: rows)
}

@Suite struct ReportPDFTests {
    @Test("A report without tasks is one page of A4 that says so")
    func empty() async throws {
        let pdf = try ReportPDF.bytes(of: report([]))
        let info = try await PDFTools.info(of: pdf)
        #expect(info["Pages"] == "1")
        #expect(info["Page size"]?.hasSuffix("(A4)") == true)
        #expect(info["Title"] == "Task report")
        #expect(info["Creator"] == "TaskFlow")
        #expect(info["Subject"] == "Tasks of ada, \(Day(number: now.day.number - 29)) to \(now.day)")
        let text = try await PDFTools.text(of: pdf)
        for part in ["Tasks of ada", "By status", "By priority", "Burn-up", "Overdue (0)", "There are no tasks.", "Page 1 of 1"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("Figures stand on the first page, with a space between thousands")
    func figures() async throws {
        let late = row(7, "Late", due: .at(now - .seconds(86_400)), isOverdue: true)
        let pdf = try ReportPDF.bytes(of: report([late], total: 1_234_567, overdue: [late], overdueCount: 4321))
        let page = try await PDFTools.text(of: pdf).replacing("\u{a0}", with: " ")
        #expect(page.contains("4 321") && page.contains("100 %"))
        // The tiles of all and of what is open, the bars, and the head of the list.
        #expect(page.ranges(of: "1 234 567").count >= 7)
        #expect(page.contains("Overdue (4 321)") && page.contains("The 1 that were due first"))
        #expect(page.contains("\(Day(number: now.day.number - 1)) !"))
        #expect(page.contains("… and 1 234 566 more, which are not listed here."))
        #expect(page.contains("All tasks: 1 234 567 on \(now.day)"))
    }

    @Test(
        "Titles of every script can be read out of the document",
        arguments: [
            "Renew the certificate", "Größe ändern, Ελληνικά, Русский", "تجديد شهادة الخادم", "לחדש את האישור", "サーバー証明書を更新する", "更新服务器证书",
            "서버 인증서 갱신",
            "ต่ออายุใบรับรอง", "Fix العربية module now",
        ])
    func scripts(_ title: String) async throws {
        let letters = try await PDFTools.letters(of: try ReportPDF.bytes(of: report([row(1, title)])))
        // Which way a line of two directions is read out is the tool's choice; its words are all there.
        for word in title.split(separator: " ") { #expect(letters.contains(word), "\(word) in \(letters)") }
    }

    @Test(
        "What is drawn as marks, joined or as a picture is at least there, and nothing breaks", arguments: ["सर्वर प्रमाणपत्र", "🚀 👩‍👩‍👧‍👦 go", "h̷̛͎e̴̡̛l̶͇̈́l̵̰̈o"])
    func pictures(_ title: String) async throws {
        let pdf = try ReportPDF.bytes(of: report([row(1, title)]))
        #expect(pdf.count > (try ReportPDF.bytes(of: report([row(1, "a")]))).count)
        #expect(try await PDFTools.info(of: pdf)["Pages"] == "1")
    }

    @Test(
        "Hostile titles stay in their row",
        arguments: [
            String(repeating: "W", count: 255), String(repeating: "書", count: 255), String(repeating: "a ", count: 127),
            "a\u{0}b\u{7}c\u{1b}[31m",
            "\u{202e}\u{202e}reversed", "<b>&amp;</b> %n%s (Tj) \\", String(repeating: "e\u{301}\u{302}\u{303}", count: 60),
            "\u{feff}\u{200d}\u{2028}x",
        ])
    func hostile(_ title: String) async throws {
        let rows = [row(1, "Before"), row(2, title), row(3, "Behind")]
        let pdf = try ReportPDF.bytes(of: report(rows))
        #expect(try await PDFTools.info(of: pdf)["Pages"] == "1")
        let text = try await PDFTools.text(of: pdf)
        #expect(text.contains("Before") && text.contains("Behind") && text.contains("Page 1 of 1"))
        try await expectRoom(in: pdf)
    }

    /// Nothing reaches into the margins, and in the row of the second task nothing of the title into the status or the rows beside it.
    private func expectRoom(in pdf: [UInt8]) async throws {
        let words = try await PDFTools.words(of: pdf)
        #expect(words.allSatisfy { $0.left >= 41 && $0.right <= 555 && $0.top >= 36 && $0.bottom <= 820 })
        let (before, behind) = (try #require(words.first { $0.text == "Before" }), try #require(words.first { $0.text == "Behind" }))
        let status = try #require(words.first { $0.text == "Pending" && $0.top > before.bottom })
        let title = words.filter {
            $0.top > before.top + 4 && $0.bottom < behind.bottom - 4 && $0.left >= before.left - 1 && $0.left < status.left
        }
        #expect(title.allSatisfy { $0.right < status.left && $0.top > before.top + 10 })
    }

    @Test("A line end in a title is a blank")
    func lineEnd() async throws {
        let text = try await PDFTools.text(of: try ReportPDF.bytes(of: report([row(1, "one\ntwo")])))
        #expect(text.contains("one two"))
    }

    @Test("Two thousand tasks fill numbered pages, each with the names of the columns")
    func pages() async throws {
        let rows = (1...2000).map { row(Int64($0), "Task number \($0)") }
        let pdf = try ReportPDF.bytes(of: report(rows, total: 3000))
        let pages = try await PDFTools.text(of: pdf).replacing("\u{a0}", with: " ").split(separator: "\u{c}")
        let count = try #require(Int(try await PDFTools.info(of: pdf)["Pages"] ?? ""))
        #expect(pages.count == count && count > 30)
        for (index, page) in pages.enumerated() {
            #expect(page.contains("Page \(index + 1) of \(count)"))
            #expect(page.contains("Priority") && page.contains("Assignee"))
        }
        let text = pages.joined()
        for number in [1, 999, 2000] { #expect(text.contains("Task number \(number)\n") || text.contains("Task number \(number) ")) }
        #expect(text.contains("… and 1 000 more, which are not listed here."))
    }

    @Test(
        "A range of one day, one of a year and one that has not begun have their chart",
        arguments: [(0, 1), (365, 366), (-5, 0)] as [(Int64, Int64)])
    func ranges(_ days: Int64, _ count: Int64) async throws {
        var data = report([row(1, "A")])
        let from = Day(number: now.day.number - days)
        data.range = try #require(ReportRange(from: from, to: max(from, now.day)))
        data.burnUp = (0..<count).map { .init(day: Day(number: from.number + $0), tasks: $0, completed: $0 / 2) }
        let text = try await PDFTools.text(of: try ReportPDF.bytes(of: data))
        #expect(text.contains(count == 0 ? "The range has not begun yet." : "on \(now.day)"))
    }

    @Test("A drawing that is to be cancelled ends before its end")
    func cancelled() throws {
        let asked = Mutex(0)
        #expect(throws: DrawingFault.self) {
            _ = try ReportPDF.bytes(of: report((1...2000).map { row(Int64($0), "A") })) {
                asked.withLock {
                    $0 += 1
                    return $0 > 100
                }
            }
        }
        #expect(asked.withLock { $0 } == 101)
    }
}
