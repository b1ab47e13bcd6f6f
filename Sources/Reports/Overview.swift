// The first page: whose tasks and when, the figures, how they divide, and how they came about.
import Model

struct Overview {
    private let data: ReportData
    private let canvas: Canvas

    init(_ data: ReportData, _ canvas: Canvas) {
        self.data = data
        self.canvas = canvas
    }

    func add(to flow: Flow) throws {
        try flow.add(head)
        flow.space(12)
        try flow.add(figures)
        flow.space(18)
        try flow.add(bars)
        flow.space(18)
        try flow.add(.init(height: BurnUpChart.height, bookmark: "Burn-up", draw: BurnUpChart(data).draw))
    }

    // MARK: Head

    private var head: Flow.Block {
        let made = LocalTime(data.timeZone).text(data.madeAt)
        let whose = canvas.text(data.audience, TextStyle(size: 11), width: Page.width, lines: 2)
        let height = 34 + whose.size.height
        let when =
            "\(data.range.from) to \(data.range.to). Figures as of \(made). Days and times of \(data.timeZone)."
        return Flow.Block(height: height + 20, bookmark: "Overview") { canvas, y in
            canvas.write("Task report", .title, x: Page.left, baseline: y + 20)
            canvas.write("TaskFlow", TextStyle(size: 11, isBold: true, colour: .accent), x: Page.right, baseline: y + 20, .end)
            canvas.draw(whose, x: Page.left, y: y + 31)
            canvas.write(when, .small, x: Page.left, baseline: y + height + 9)
            canvas.line([(Page.left, y + height + 19), (Page.right, y + height + 19)], .accent, thickness: 1.2)
        }
    }

    // MARK: Figures

    private var figures: Flow.Block {
        let completed = data.byStatus[.completed] ?? 0
        let tiles: [(name: String, count: Int64, colour: Colour)] = [
            ("Tasks", data.total, .ink), ("Open", data.total - completed, .ink), ("Completed", completed, .ink),
            ("Overdue", data.overdue, data.overdue > 0 ? .alarm : .ink), ("Created in range", data.createdInRange, .ink),
            ("Completed in range", data.completedInRange, .ink),
        ]
        let gap = 8.0
        let width = (Page.width - gap * Double(tiles.count - 1)) / Double(tiles.count)
        // A figure is never cut: when the longest does not fit, all become smaller.
        let longest = tiles.map { canvas.text(grouped($0.count), .figure).size.width }.max() ?? 0
        var style = TextStyle.figure
        style.size *= min(1, (width - 8) / longest)
        return Flow.Block(height: 48) { [style] canvas, y in
            for (index, tile) in tiles.enumerated() {
                let x = Page.left + Double(index) * (width + gap)
                canvas.fill(x: x, y: y, width: width, height: 48, .wash)
                canvas.frame(x: x, y: y, width: width, height: 48, .line)
                canvas.write(grouped(tile.count), style.coloured(tile.colour), x: x + width / 2, baseline: y + 25, .centre)
                canvas.write(tile.name, .small, x: x + width / 2, baseline: y + 40, .centre, width: width - 4)
            }
        }
    }

    // MARK: Bars

    private var bars: Flow.Block {
        let gap = 28.0
        let width = (Page.width - gap) / 2
        let statuses = TaskStatus.allCases.map { ($0.title, data.byStatus[$0] ?? 0) }
        let priorities = TaskPriority.allCases.reversed().map { ($0.title, data.byPriority[$0] ?? 0) }
        let total = data.total
        return Flow.Block(height: 22 + 17 * Double(max(statuses.count, priorities.count))) { canvas, y in
            Self.drawBars("By status", statuses, of: total, x: Page.left, y: y, width: width, canvas)
            Self.drawBars("By priority", priorities, of: total, x: Page.left + width + gap, y: y, width: width, canvas)
        }
    }

    private static func drawBars(
        _ title: String, _ bars: [(name: String, count: Int64)], of total: Int64, x: Double, y: Double, width: Double, _ canvas: Canvas
    ) {
        canvas.write(title, .heading, x: x, baseline: y + 11)
        let (names, share) = (62.0, 36.0)
        let numbers = bars.map { canvas.text(grouped($0.count), .bold).size.width }.max() ?? 0
        let room = width - names - numbers - share - 8
        for (index, bar) in bars.enumerated() {
            let top = y + 22 + 17 * Double(index)
            canvas.write(bar.name, .body, x: x, baseline: top + 9)
            let length = total > 0 ? room * Double(bar.count) / Double(total) : 0
            canvas.fill(x: x + names, y: top, width: room, height: 12, .wash)
            if length > 0 { canvas.fill(x: x + names, y: top, width: max(length, 0.8), height: 12, .accent) }
            canvas.frame(x: x + names, y: top, width: room, height: 12, .line)
            canvas.write(grouped(bar.count), .bold, x: x + width - share, baseline: top + 9, .end)
            canvas.write(percent(bar.count, of: total), .small, x: x + width, baseline: top + 9, .end)
        }
    }
}

/// `12 345`, with a space that does not break.
func grouped(_ number: Int64) -> String {
    var digits = Array(String(number.magnitude))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert("\u{a0}", at: place) }
    return (number < 0 ? "-" : "") + String(digits)
}

private func percent(_ count: Int64, of total: Int64) -> String {
    guard total > 0 else { return "–" }
    let share = Double(count) / Double(total) * 100
    // Neither nothing where there is something, nor all where something is missing.
    if count > 0, share < 1 { return "< 1 %" }
    if count < total, share > 99 { return "> 99 %" }
    return "\(Int(share.rounded())) %"
}
