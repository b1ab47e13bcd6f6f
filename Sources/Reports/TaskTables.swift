// The tasks themselves: those that are overdue, and then all that the figures count.
import Model

struct TaskTables {
    private let data: ReportData
    private let canvas: Canvas
    private let time: LocalTime

    init(_ data: ReportData, _ canvas: Canvas) {
        self.data = data
        self.canvas = canvas
        time = LocalTime(data.timeZone)
    }

    func add(to flow: Flow) throws {
        flow.space(18)
        let some = data.unlistedOverdue > 0 ? "The \(data.overdueTasks.count) that were due first" : ""
        try add("Overdue (\(grouped(data.overdue)))", some, data.overdueTasks, none: "Nothing is overdue.", to: flow)
        flow.space(18)
        try add(
            "Tasks (\(grouped(data.total)))", data.overdue > 0 ? "! marks what is overdue" : "", data.tasks, none: "There are no tasks.",
            to: flow)
        if data.unlisted > 0 { try note("… and \(grouped(data.unlisted)) more, which are not listed here.", to: flow) }
    }

    private func add(
        _ title: String, _ remark: String, _ rows: [ReportData.Row], none: String, to flow: Flow
    ) throws {
        try flow.add(
            Flow.Block(height: 20, following: 48, bookmark: title) { canvas, y in
                canvas.write(title, .heading, x: Page.left, baseline: y + 11)
                canvas.write(remark, .small, x: Page.left + canvas.text(title, .heading).size.width + 10, baseline: y + 11)
            })
        guard !rows.isEmpty else { return try note(none, to: flow) }
        let header = Flow.Header(height: 18, draw: Self.drawHeader)
        try flow.add(Flow.Block(height: header.height, following: 30, draw: header.draw))
        for row in rows { try flow.add(block(row, header)) }
    }

    private func note(_ text: String, to flow: Flow) throws {
        try flow.add(Flow.Block(height: 18) { canvas, y in canvas.write(text, .body.coloured(.faint), x: Page.left, baseline: y + 14) })
    }

    // MARK: Rows

    private enum Column: CaseIterable {
        case id, title, status, priority, assignee, due

        var title: String {
            switch self {
            case .id: "Task"
            case .title: "Title"
            case .status: "Status"
            case .priority: "Priority"
            case .assignee: "Assignee"
            case .due: "Due"
            }
        }

        var width: Double {
            switch self {
            case .id: 48
            case .status: 60
            case .priority: 48
            case .assignee: 86
            case .due: 64
            case .title: Page.width - 48 - 60 - 48 - 86 - 64
            }
        }

        var left: Double { Column.allCases.prefix { $0 != self }.reduce(Page.left) { $0 + $1.width } }

        static let gap = 10.0
        var textWidth: Double { self == .due ? width : width - Self.gap }
    }

    private static func drawHeader(_ canvas: Canvas, _ y: Double) {
        canvas.fill(x: Page.left, y: y, width: Page.width, height: 15, .wash)
        for column in Column.allCases {
            canvas.write(column.title, .bold, x: column.left + (column == .id ? 3 : 0), baseline: y + 10.5)
        }
        canvas.line([(Page.left, y + 15), (Page.right, y + 15)], .faint)
    }

    private static let padding = 3.5

    private func cells(_ row: ReportData.Row) -> [(column: Column, block: TextBlock)] {
        Column.allCases.map { column in
            let inset = column == .id ? 3.0 : 0
            return (
                column, canvas.text(text(row, column), style(row, column), width: column.textWidth - inset, lines: column == .title ? 2 : 1)
            )
        }
    }

    private func text(_ row: ReportData.Row, _ column: Column) -> String {
        switch column {
        case .id: "\(row.id)"
        case .title: row.title
        case .status: row.status.title
        case .priority: row.priority.title
        case .assignee: row.assignee ?? "–"
        case .due: row.due.map { "\($0.day(in: time))\(row.isOverdue ? " !" : "")" } ?? "–"
        }
    }

    private func style(_ row: ReportData.Row, _ column: Column) -> TextStyle {
        switch column {
        case .id: .small
        case .priority: row.priority == .critical && row.status != .completed ? .bold : .body
        case .due: row.isOverdue ? .bold.coloured(.alarm) : .body
        case .title, .status, .assignee: .body
        }
    }

    /// Scripts differ in how much they reach above and below the line: the first lines of a row stand on one.
    private func block(_ row: ReportData.Row, _ header: Flow.Header) -> Flow.Block {
        let cells = cells(row)
        let baseline = cells.map(\.block.baseline).max() ?? 0
        let height = cells.map { baseline - $0.block.baseline + $0.block.size.height }.max() ?? 0
        let full = height + 2 * Self.padding
        // Only the text is kept until the row is drawn: the glyphs of two thousand rows would take far more.
        return Flow.Block(height: full, header: header) { canvas, y in
            for (column, block) in self.cells(row) {
                canvas.draw(block, x: column.left + (column == .id ? 3 : 0), y: y + Self.padding + baseline - block.baseline)
            }
            canvas.line([(Page.left, y + full), (Page.right, y + full)], .line, thickness: 0.4)
        }
    }
}
