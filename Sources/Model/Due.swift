// When a task is due, and when that is over.

/// An instant, which is the same everywhere, or a day, which begins and ends with the clock of the task's owner.
package enum Due: Hashable, Sendable {
    case at(Instant)
    case on(Day)

    package var instant: Instant? { if case .at(let instant) = self { instant } else { nil } }
    package var day: Day? { if case .on(let day) = self { day } else { nil } }

    /// `nil` without either of the two.
    /// - Precondition: one at most is given.
    package init?(at instant: Instant?, on day: Day?) {
        if let instant { self = .at(instant) } else if let day { self = .on(day) } else { return nil }
    }

    /// The last instant that is not too late.
    package func end(in time: LocalTime) -> Instant {
        switch self {
        case .at(let instant): instant
        case .on(let day): time.end(of: day)
        }
    }

    /// The day of it there.
    package func day(in time: LocalTime) -> Day {
        switch self {
        case .at(let instant): time.day(of: instant)
        case .on(let day): day
        }
    }
}

/// So many days later, or earlier, at the same time of the day by somebody's clock.
package struct DueShift: Sendable {
    package var days: Int64
    package var time: LocalTime

    package init(days: Int64, in time: LocalTime = LocalTime("UTC")) {
        self.days = days
        self.time = time
    }

    /// Ten years either way.
    package static let range: ClosedRange<Int64> = -3650...3650
}

extension Due {
    /// `nil` outside of the years 1 to 9999.
    package func moved(by shift: DueShift) -> Due? {
        let moved: Due =
            switch self {
            case .at(let instant): .at(shift.time.instant(shift.days, daysAfter: instant))
            case .on(let day): .on(Day(number: day.number + shift.days))
            }
        let day = moved.day ?? moved.instant?.day
        return day.map { (1...9999).contains($0.civil.year) } == true ? moved : nil
    }
}

extension TaskChanges {
    /// When the task is due after the change. A due date that cannot be moved so far stays.
    func due(after old: Due?) -> Due? {
        if let dueShift { return old.map { $0.moved(by: dueShift) ?? $0 } }
        if let new = Due(at: dueAt ?? nil, on: dueOn ?? nil) { return new }
        switch old {
        case .at: return dueAt == nil ? old : nil
        case .on: return dueOn == nil ? old : nil
        case nil: return nil
        }
    }
}

extension TaskItem {
    package var dueAt: Instant? { due?.instant }
    package var dueOn: Day? { due?.day }

    /// Not completed, neither archived nor deleted.
    package var isOpen: Bool { status != .completed && !archived && !isDeleted }

    /// Open, and its due instant is past, or its due day is over in the owner's time zone.
    package func isOverdue(at now: Instant) -> Bool { isOpen && dueEnd.map { $0 < now } ?? false }
}
