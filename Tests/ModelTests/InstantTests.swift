// Moments and days as texts: what is printed is read back, and nothing that is not RFC 3339 is taken.
import Model
import TestKit
import Testing

@Suite struct InstantTests {
    private static let first = Day(year: 1, month: 1, day: 1)
    private static let last = Day(year: 9999, month: 12, day: 31)

    @Test("Every millisecond from year 1 to 9999 that is printed is read back as the same moment")
    func roundTrip() throws {
        let first = try #require(Self.first).start.microseconds
        let end = try #require(Self.last).start.microseconds + 86_400_000_000
        var random = SplitMix(seed: 20_261_120)
        for _ in 0..<20_000 {
            let instant = Instant(microseconds: Int64.random(in: first..<end, using: &random))
            let text = instant.description
            #expect(text.utf8.count == 24)
            #expect(Instant(text) == instant.milliseconds, "\(text)")
        }
        for instant in [first, first + 1000, end - 1000, -1000, 0, 1000].map(Instant.init(microseconds:)) {
            #expect(Instant(instant.description) == instant)
        }
    }

    @Test("Later moments have later texts, so that clients may sort them as texts")
    func textOrder() {
        var random = SplitMix(seed: 7)
        let instants = (0..<500).map { _ in
            Instant(microseconds: Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random)).milliseconds
        }
        #expect(instants.sorted().map(\.description) == instants.map(\.description).sorted())
    }

    @Test(
        "The moments of RFC 3339 are read as what they mean",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1985-04-12T23:20:50.52Z", 482_196_050_520_000),
            ("1996-12-19T16:39:57-08:00", 851_042_397_000_000),
            ("1996-12-20T00:39:57Z", 851_042_397_000_000),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130_000),
            ("1969-12-31T23:59:59.999999Z", -1),
            ("2000-02-29T00:00:00+23:59", 951_696_060_000_000),
            ("2026-11-20t09:30:00z", 1_795_167_000_000_000),
            ("2026-11-20 09:30:00Z", 1_795_167_000_000_000),
            ("2026-11-20T09:30:00-00:00", 1_795_167_000_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ] as [(String, Int64)])
    func known(_ text: String, _ microseconds: Int64) {
        #expect(Instant(text)?.microseconds == microseconds)
    }

    @Test("A leap second is the first second of the next minute")
    func leapSecond() throws {
        #expect(Instant("1990-12-31T23:59:60Z") == Instant("1991-01-01T00:00:00Z"))
        #expect(Instant("1990-12-31T15:59:60.25-08:00") == Instant("1991-01-01T00:00:00.25Z"))
        #expect(try #require(Instant("1990-12-31T23:59:60Z")).description == "1991-01-01T00:00:00.000Z")
    }

    @Test("A fraction counts to the microsecond, and what is finer is cut", arguments: 1...12)
    func fractions(_ digits: Int) throws {
        let fraction = String("987654321987".prefix(digits))
        let expected = try #require(Int64((fraction + "000000").prefix(6)))
        #expect(Instant("1970-01-01T00:00:00.\(fraction)Z")?.microseconds == expected)
        #expect(Instant("1969-12-31T23:59:59.\(fraction)Z")?.microseconds == expected - 1_000_000)
    }

    @Test("An offset is taken away, whichever side of Greenwich it is", arguments: [0, 1, 30, 59, 60, 330, 765, 1439] as [Int64])
    func offsets(_ minutes: Int64) throws {
        let noon = try #require(Instant("2024-02-29T12:00:00Z"))
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let offset = two(minutes / 60) + ":" + two(minutes % 60)
        #expect(Instant("2024-02-29T12:00:00+\(offset)") == noon - .seconds(minutes * 60))
        #expect(Instant("2024-02-29T12:00:00-\(offset)") == noon + .seconds(minutes * 60))
    }

    @Test(
        "A text that is no RFC 3339 time is refused",
        arguments: [
            "", " ", "now", "2026", "2026-11-20", "2026-11-20T", "2026-11-20T09:30Z", "2026-11-20T09:30:00", "2026-11-20T09:30:00.Z",
            "2026-11-20T09:30:00,5Z", "2026-11-20T24:00:00Z", "2026-11-20T23:60:00Z", "2026-11-20T23:59:61Z", "2026-11-20T09:30:00+0100",
            "2026-11-20T09:30:00+01", "2026-11-20T09:30:00+24:00", "2026-11-20T09:30:00+01:60", "2026-11-20T09:30:00 01:00",
            "2026-11-20T09:30:00Z ", " 2026-11-20T09:30:00Z", "2026-11-20T09:30:00ZZ", "2026-11-20T9:30:00Z", "2026-11-20T-9:30:00Z",
            "2026-1-20T09:30:00Z", "26-11-20T09:30:00Z", "+2026-11-20T09:30:00Z", "12026-11-20T09:30:00Z", "-026-11-20T09:30:00Z",
            "0000-01-01T00:00:00Z", "2026-00-20T09:30:00Z", "2026-13-20T09:30:00Z", "2026-11-00T09:30:00Z", "2026-11-31T09:30:00Z",
            "2026-02-29T09:30:00Z", "1900-02-29T00:00:00Z", "2026-11-20_09:30:00Z", "2026/11/20T09:30:00Z", "２０２６-11-20T09:30:00Z",
            "2026-11-20T09:30:00Z\u{0}", "2026-11-20T09:30:0\u{301}0Z", "1795167000", "Fri, 20 Nov 2026 09:30:00 GMT",
            // No moment of the years 1 to 9999 once it is in UTC.
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z",
        ])
    func refused(_ text: String) {
        #expect(Instant(text) == nil)
    }

    @Test("No text of digits and separators makes the reader stumble, and what it takes it prints back")
    func noise() {
        let alphabet = Array("0123456789-:.TZ+ tz")
        var random = SplitMix(seed: 99)
        for _ in 0..<5000 {
            var text = Array("2026-11-20T09:30:00.123456+01:30".prefix(Int.random(in: 0...32, using: &random)))
            for _ in 0..<Int.random(in: 0...3, using: &random) where !text.isEmpty {
                text[Int.random(in: text.indices, using: &random)] = alphabet[Int.random(in: alphabet.indices, using: &random)]
            }
            guard let instant = Instant(String(text)) else { continue }
            #expect(Instant(instant.description) == instant.milliseconds, "\(String(text))")
        }
    }

    @Test("Seconds, milliseconds and days are rounded down, before 1970 too")
    func rounding() {
        let before = Instant(microseconds: -1)
        #expect(before.seconds == -1)
        #expect(before.milliseconds.microseconds == -1000)
        #expect(before.day.description == "1969-12-31")
        #expect(Instant(microseconds: 1_999_999).seconds == 1)
        #expect(Instant(microseconds: 86_400_000_000).day.description == "1970-01-02")
        #expect(Instant.seconds(90) == Instant(microseconds: 0) + .seconds(90))
        #expect(Instant.seconds(90) - .milliseconds(1500) == Instant(microseconds: 88_500_000))
    }
}

@Suite struct DayTests {
    @Test("Every day from year 1 to 9999 is one after the day before, and is read back as printed")
    func everyDay() throws {
        let first = try #require(Day("0001-01-01"))
        let last = try #require(Day("9999-12-31"))
        #expect(last.number - first.number == 3_652_058)
        var before = (year: Int64(0), month: Int64(12), day: Int64(31))
        for number in first.number...last.number {
            let civil = Day(number: number).civil
            let follows =
                civil.day == before.day + 1 && civil.month == before.month && civil.year == before.year
                || civil.day == 1 && civil.month == before.month + 1 && civil.year == before.year
                || civil.day == 1 && civil.month == 1 && before.month == 12 && civil.year == before.year + 1
            if !follows || Day(year: civil.year, month: civil.month, day: civil.day)?.number != number {
                Issue.record("day \(number) is \(civil) after \(before)")
                return
            }
            before = civil
        }
        for number in stride(from: first.number, through: last.number, by: 97) {
            #expect(Day(Day(number: number).description) == Day(number: number))
        }
    }

    @Test(
        "29 February exists in leap years and in no other",
        arguments: [(4, true), (1600, true), (1700, false), (1900, false), (2000, true), (2023, false), (2024, true), (2100, false)]
            as [(Int64, Bool)])
    func leapYears(_ year: Int64, _ isLeap: Bool) {
        #expect((Day(year: year, month: 2, day: 29) != nil) == isLeap)
        #expect(Day(year: year, month: 2, day: 28) != nil)
        #expect(Day(year: year, month: 2, day: 30) == nil)
    }

    @Test(
        "A text that is no day is refused",
        arguments: [
            "", "2026-11", "2026-11-2", "2026-11-200", "2026-11-20 ", "2026-11-20Z", "2026-04-31", "2026-00-10", "2026-10-00", "0000-01-01",
            "10000-01-01", "2026_11_20", "20-11-2026", "2026-1１-20",
        ])
    func refused(_ text: String) {
        #expect(Day(text) == nil)
    }

    @Test("The numbers of a day out of range make no day")
    func outOfRange() {
        let odd: [Int64] = [.min, -1, 0, 32, 10_000, .max]
        for value in odd {
            #expect(Day(year: 2026, month: value, day: 1) == nil)
            #expect(Day(year: 2026, month: 1, day: value) == nil)
        }
        for year in [Int64.min, -1, 0, 10_000, .max] { #expect(Day(year: year, month: 1, day: 1) == nil) }
    }
}
