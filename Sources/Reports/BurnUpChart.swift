// How many tasks there were at the end of each day, and how many of them were completed.
import Model

struct BurnUpChart {
    static let height = 216.0

    private let data: ReportData
    private var days: [ReportData.DayEnd] { data.burnUp }

    init(_ data: ReportData) { self.data = data }

    /// The plot without its labels.
    private struct Plot {
        var left, right, top, bottom: Double
        var first, last, most: Double

        func x(_ day: Day) -> Double {
            last > first ? left + (Double(day.number) - first) / (last - first) * (right - left) : (left + right) / 2
        }

        func y(_ count: Double) -> Double { bottom - count / most * (bottom - top) }
    }

    func draw(_ canvas: Canvas, _ y: Double) {
        canvas.write("Burn-up", .heading, x: Page.left, baseline: y + 11)
        canvas.write(
            "Tasks that exist at the end of each day, without those in the trash, and how many of them are completed", .small,
            x: Page.left + 56, baseline: y + 11, width: Page.width - 56)
        let ticks = Self.ticks(upTo: days.map { max($0.tasks, $0.completed) }.max() ?? 0)
        let labels = ticks.map { canvas.text(grouped($0), .small).size.width }.max() ?? 0
        let plot = Plot(
            left: Page.left + labels + 5, right: Page.right - 8, top: y + 42, bottom: y + Self.height - 18,
            first: Double(data.range.from.number), last: Double(data.range.to.number), most: Double(ticks.last ?? 1))
        drawLegend(canvas, plot.left, y + 29)
        drawAxes(canvas, plot, ticks)
        guard !days.isEmpty else {
            canvas.write(
                "The range has not begun yet.", .body, x: (plot.left + plot.right) / 2, baseline: (plot.top + plot.bottom) / 2, .centre)
            return
        }
        let all = days.map { (x: plot.x($0.day), y: plot.y(Double($0.tasks))) }
        let completed = days.map { (x: plot.x($0.day), y: plot.y(Double($0.completed))) }
        if let first = completed.first, let last = completed.last {
            canvas.area(completed + [(last.x, plot.bottom), (first.x, plot.bottom)], .second, alpha: 0.14)
        }
        canvas.line(completed, .second, thickness: 1.5, dashes: [5, 2.5])
        canvas.line(all, .accent, thickness: 1.7)
        for points in [(all, Colour.accent), (completed, .second)] {
            if let last = points.0.last { canvas.dot(x: last.x, y: last.y, radius: 2.4, points.1) }
        }
    }

    private func drawLegend(_ canvas: Canvas, _ left: Double, _ y: Double) {
        var x = left
        let last = days.last
        let entries: [(name: String, count: Int64?, colour: Colour, dashes: [Double])] = [
            ("All tasks", last?.tasks, .accent, []), ("Completed", last?.completed, .second, [5, 2.5]),
        ]
        for entry in entries {
            canvas.line([(x, y - 3), (x + 24, y - 3)], entry.colour, thickness: 1.6, dashes: entry.dashes)
            let text = entry.name + (entry.count.map { ": \(grouped($0))" } ?? "") + (last.map { " on \($0.day)" } ?? "")
            canvas.write(text, .body, x: x + 30, baseline: y)
            x += canvas.text(text, .body).size.width + 54
        }
    }

    private func drawAxes(_ canvas: Canvas, _ plot: Plot, _ ticks: [Int64]) {
        for tick in ticks {
            let y = plot.y(Double(tick))
            canvas.line([(plot.left, y), (plot.right, y)], .line, thickness: tick == 0 ? 0.9 : 0.4)
            canvas.write(grouped(tick), .small, x: plot.left - 5, baseline: y + 2.7, .end)
        }
        // Backwards, so that the last day always has its label.
        let last = data.range.to.number
        let step = max(1, (last - data.range.from.number + 5) / 6)
        for number in stride(from: last, through: data.range.from.number, by: Int64.Stride(-step)) {
            let x = plot.x(Day(number: number))
            canvas.line([(x, plot.bottom), (x, plot.bottom + 3)], .faint)
            let isLast = number == last && last > data.range.from.number
            canvas.write(
                Self.label(Day(number: number)), .small, x: isLast ? plot.right + 8 : x, baseline: plot.bottom + 12,
                isLast ? .end : .centre)
        }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `21 Nov 2026`.
    private static func label(_ day: Day) -> String {
        let (year, month, number) = day.civil
        return "\(number) \(months[Int(month) - 1]) \(year)"
    }

    /// From zero in four or five steps of 1, 2 or 5 times a power of ten, so that all fits below the last.
    static func ticks(upTo most: Int64) -> [Int64] {
        let most = max(most, 1)
        var power: Int64 = 1
        while true {
            for factor: Int64 in [1, 2, 5] where power * factor * 5 >= most {
                let step = power * factor
                return Array(stride(from: 0, through: (most + step - 1) / step * step, by: Int64.Stride(step)))
            }
            power *= 10
        }
    }
}
