// What time it is, and what days and times mean now.

struct QuickAddClock {
    enum Zone {
        /// East of UTC.
        case offset(minutes: Int64)
        /// By its IANA name.
        case named(String)
    }

    let today: Day
    let dateOrder: DateOrder?
    private let now: Instant
    private let local: LocalTime
    private let firstWeekday: Int64

    init(_ settings: QuickAdd.Settings) {
        now = settings.now
        local = LocalTime(settings.timeZone)
        today = local.day(of: now)
        dateOrder = settings.dateOrder
        firstWeekday = settings.firstWeekday.daysAfterMonday
    }

    // MARK: Days

    func day(after days: Int64) -> Day { Day(number: today.number + days) }

    /// The first of those weekdays that is so many days from today or later.
    func day(on weekday: Int64, from days: Int64) -> Day {
        let first = day(after: days)
        return Day(number: first.number + Self.days(from: first, to: weekday))
    }

    /// On a Sunday that day, else the Saturday.
    var weekend: Day { Self.weekday(today) == 6 ? today : day(on: 5, from: 0) }

    var nextWeek: Day { day(on: firstWeekday, from: 1) }

    func dayOfNextWeek(_ weekday: Int64) -> Day { Day(number: nextWeek.number + Self.days(from: nextWeek, to: weekday)) }

    var nextMonth: Day? { firstOfMonth(after: 1) }

    var endOfMonth: Day? { nextMonth.map { Day(number: $0.number - 1) } }

    func day(after count: Int64, _ unit: QuickAddDates.Unit) -> Day? {
        switch unit {
        case .month, .year:
            let months = unit == .year ? count * 12 : count
            guard let month = firstOfMonth(after: months), let end = firstOfMonth(after: months + 1) else { return nil }
            // The 31st of January and a month is the last of February.
            return Day(number: min(month.number + today.civil.day - 1, end.number - 1))
        default: return Self.existing(day(after: unit == .week ? count * 7 : count))
        }
    }

    /// The day with that date; without a year the next one, today among them.
    func day(_ year: Int64?, _ month: Int64, _ day: Int64) -> Day? {
        if let year { return Day(year: year, month: month, day: day) }
        // 29 February comes within eight years, as after 2096.
        let first = today.civil.year
        return (first...first + 8).lazy.compactMap { Day(year: $0, month: month, day: day) }.first { $0 >= today }
    }

    private func firstOfMonth(after months: Int64) -> Day? {
        let (year, month, _) = today.civil
        let number = year * 12 + month - 1 + months
        return Day(year: number / 12, month: number % 12 + 1, day: 1)
    }

    private static func weekday(_ day: Day) -> Int64 { ((day.number + 3) % 7 + 7) % 7 }
    private static func days(from day: Day, to weekday: Int64) -> Int64 { (weekday - self.weekday(day) + 7) % 7 }
    private static func existing(_ day: Day) -> Day? { day.civil.year <= 9999 ? day : nil }

    // MARK: Due

    func due(_ day: QuickAddDates.DayReading, _ time: QuickAddDates.TimeReading?) -> Due? {
        guard let value = day.value else { return nil }
        if let time { return time.minutes.flatMap { Self.due(instant(value, $0, time.zone)) } }
        return day.time.map { Self.due(instant(value, $0, nil)) } ?? .on(value)
    }

    /// The next time that clocks show that time.
    func next(_ time: QuickAddDates.TimeReading) -> Due? {
        guard let minutes = time.minutes else { return nil }
        let today =
            switch time.zone {
            case nil: self.today
            case .offset(let minutes): (now + .seconds(minutes * 60)).day
            case .named(let name): LocalTime(name).day(of: now)
            }
        let first = instant(today, minutes, time.zone)
        return Self.due(first.map { $0 > now } == true ? first : instant(Day(number: today.number + 1), minutes, time.zone))
    }

    /// Seconds are cut.
    func after(minutes: Int64) -> Due? { Self.due(.seconds((now.seconds.flooredDivision(by: 60) + minutes) * 60)) }

    private func instant(_ day: Day, _ minutes: Int64, _ zone: Zone?) -> Instant? {
        switch zone {
        case nil: local.instant(day, hour: minutes / 60, minute: minutes % 60)
        case .offset(let offset): day.start + .seconds((minutes - offset) * 60)
        case .named(let name): LocalTime(name).instant(day, hour: minutes / 60, minute: minutes % 60)
        }
    }

    private static func due(_ instant: Instant?) -> Due? { instant.flatMap { existing($0.day) == nil ? nil : .at($0) } }
}
