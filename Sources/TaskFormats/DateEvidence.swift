// In which order the numbers of the dates of a column stand, as far as its rows tell.
import BoundedText
import Model

struct DateEvidence: Sendable {
    private struct Example: Sendable {
        var row: Int64
        var text: String
    }

    /// The orders in which all dates so far can be read.
    private var orders = DateOrders.all
    /// The first two dates that mean different days in different orders, and the first that is only in one.
    private var open: [Example] = []
    private var firstOfDay: Example?
    private var firstOfMonth: Example?
    private var hasShortYears = false
    private var dates: Int64 = 0
    private var days: Int64 = 0
    private var milliseconds: Int64 = 0
    private var hasMidnights = false
    private var hasOtherTimes = false

    mutating func take(_ text: String, row: Int64) {
        let text = text.trimmed
        if text.isEmpty || text.utf8.count > WrittenDate.longest { return }
        if Day(text) != nil { return dates += 1 }
        if Instant(text) != nil {
            hasOtherTimes = true
            return dates += 1
        }
        if let number = PlainNumber(text) {
            if number.kind == .spreadsheet { days += 1 } else { milliseconds += 1 }
            return
        }
        guard text.isStreamSafe, let date = WrittenDate(text) else { return }
        if let time = date.time {
            if time == 0, date.offset == nil { hasMidnights = true } else { hasOtherTimes = true }
        }
        guard case .three(_, _, _, let isShort) = date.numbers else { return dates += 1 }
        let possible = date.orders
        // No order reads it: a fault of its row, and no evidence.
        if possible.isEmpty { return }
        dates += 1
        hasShortYears = hasShortYears || isShort
        orders.formIntersection(possible)
        let usual = possible.intersection([.dmy, .mdy])
        let example = Example(row: row, text: text.visible)
        if usual == .dmy { firstOfDay = firstOfDay ?? example }
        if usual == .mdy { firstOfMonth = firstOfMonth ?? example }
        if usual == [.dmy, .mdy], date.day(.dmy) != date.day(.mdy), open.count < 2 { open.append(example) }
    }

    var hasThreeNumbers: Bool { orders != .all || !open.isEmpty || hasShortYears }

    /// Whether the column has midnights for times and no others: its program writes days like that.
    var midnightsAreDays: Bool { hasMidnights && !hasOtherTimes }

    var numbers: DateNumbers? {
        if milliseconds > 0, days == 0 { return .milliseconds }
        // One number alone can be anything.
        if days > 0, milliseconds == 0, days + dates > 1 { return .spreadsheet }
        return nil
    }

    /// The order that the rows alone allow.
    var own: DateOrder? {
        guard hasThreeNumbers else { return nil }
        // Nobody begins with two digits of the year, unless nothing else is possible.
        let usual = orders.intersection([.dmy, .mdy])
        if let only = usual.only { return only }
        if usual.isEmpty { return orders.only }
        return open.isEmpty ? .dmy : nil
    }

    /// Whether no order reads all rows.
    var isTorn: Bool { orders.isEmpty }

    /// - Parameter asked: the order that is to be used where the rows allow it.
    func allows(_ asked: DateOrder) -> Bool { orders.contains(DateOrders(asked)) || isTorn }

    /// Why the column cannot be read, with two of its rows.
    var question: String {
        let what = "Set the order with date_order=dmy, mdy or ymd, or in your account."
        if isTorn, let firstOfDay, let firstOfMonth {
            let rows = [firstOfDay, firstOfMonth].sorted { $0.row < $1.row }.map { "row \($0.row) has “\($0.text)”" }
            return "\(rows.joined(separator: ", ")): no order of dates fits both. \(what)"
        }
        let rows = open.map { "row \($0.row) has “\($0.text)”" }.joined(separator: ", ")
        return "\(rows): the day may come before the month (dmy) or after it (mdy). \(what)"
    }
}
