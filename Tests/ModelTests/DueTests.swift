// When a due date is over.
import Model
import Testing

@Suite struct DueTests {
    private let day = Day(number: 20_786)

    @Test(
        "A day ends with the last microsecond before midnight where its owner lives, however long it is",
        arguments: [
            ("UTC", "2026-11-29", "2026-11-30T00:00:00Z"), ("America/New_York", "2026-11-29", "2026-11-30T05:00:00Z"),
            ("Pacific/Kiritimati", "2026-11-29", "2026-11-29T10:00:00Z"), ("Asia/Kathmandu", "2026-11-29", "2026-11-29T18:15:00Z"),
            // 25 hours, 23 hours, and a midnight that the clock skips.
            ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z"), ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"),
            ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00Z"),
        ])
    func ends(zone: String, day: String, next: String) throws {
        let day = try #require(Day(day))
        let time = LocalTime(zone)
        #expect(Due.on(day).end(in: time).microseconds + 1 == Instant(next)?.microseconds)
        #expect(time.day(of: Due.on(day).end(in: time)) == day)
        #expect(time.day(of: time.start(of: day)) == day)
    }

    @Test("A task is overdue behind its instant or its day, unless it is completed, archived or deleted")
    func overdue() {
        let now = Instant.seconds(1000)
        func isOverdue(_ end: Instant?, _ change: (inout TaskItem) -> Void = { _ in }) -> Bool {
            sampleTask {
                $0.dueEnd = end
                change(&$0)
            }.isOverdue(at: now)
        }
        #expect(isOverdue(now - .milliseconds(1)))
        #expect(!isOverdue(now) && !isOverdue(nil))
        #expect(!isOverdue(.seconds(1)) { $0.status = .completed })
        #expect(!isOverdue(.seconds(1)) { $0.archived = true })
        #expect(!isOverdue(.seconds(1)) { $0.deletedAt = now })
    }

    @Test("A change to a day clears the instant and the other way round; to clear one leaves the other")
    func changes() {
        let instant = Instant.seconds(1000)
        let atInstant = sampleTask { ($0.due, $0.dueEnd) = (.at(instant), instant) }
        let onDay = sampleTask { ($0.due, $0.dueEnd) = (.on(day), .seconds(5)) }
        func due(_ task: TaskItem, _ changes: TaskChanges) -> Due? { task.applying(changes, at: .seconds(1)).due }
        #expect(due(atInstant, TaskChanges(dueOn: .some(day))) == .on(day))
        #expect(due(onDay, TaskChanges(dueAt: .some(instant))) == .at(instant))
        #expect(due(onDay, TaskChanges(dueAt: .some(nil))) == .on(day))
        #expect(due(atInstant, TaskChanges(dueOn: .some(nil))) == .at(instant))
        #expect(due(onDay, TaskChanges(dueOn: .some(nil))) == nil)
        #expect(due(atInstant, TaskChanges(dueAt: .some(nil), dueOn: .some(nil))) == nil)
        #expect(due(onDay, TaskChanges(dueAt: .some(nil), dueOn: .some(Day(number: 7)))) == .on(Day(number: 7)))
        #expect(onDay.applying(TaskChanges(dueOn: .some(day)), at: .seconds(1)) == onDay)
    }

    @Test("The offsets of a zone are those before and after each change of the clock")
    func offsets() throws {
        let (start, end) = (try #require(Instant("2026-10-01T00:00:00Z")), try #require(Instant("2027-04-01T00:00:00Z")))
        let offsets = LocalTime("Europe/Berlin").offsets(from: start, to: end)
        #expect(offsets.map { $0.offset / 3_600_000_000 } == [2, 1, 2])
        #expect(offsets.map(\.from.description) == ["2026-10-01T00:00:00.000Z", "2026-10-25T01:00:00.000Z", "2027-03-28T01:00:00.000Z"])
        #expect(LocalTime("Asia/Kathmandu").offsets(from: start, to: end).map(\.offset) == [20_700_000_000])
    }
}
