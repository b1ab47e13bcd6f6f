// What there was at the end of each day.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

@Suite struct BurnUpTests {
    private let today = noon.day

    private func day(_ offset: Int64) -> Day { Day(number: today.number + offset) }

    @Test("Each task counts from the day it was created and as completed from the day it was; those in the trash and of others never do")
    func days() async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "Old"), at: day(-400).start)
        try await store.add(NewTask(title: "At midnight"), at: day(-1).start)
        try await store.add(NewTask(title: "Before midnight", status: .completed), at: day(-1).start - .milliseconds(1))
        try await store.add(NewTask(title: "Of bob"), owner: bob, at: day(-1).start)
        try await store.add(NewTask(title: "For ada", assigneeID: ada), owner: bob, at: day(0).start)
        let gone = try await store.add(NewTask(title: "Gone"), at: day(-2).start)
        try await store.change(gone.id) { $0.deletedAt = noon }
        let mine = try await store.read { try Tasks($0).burnUp(TaskAudience(.mine, of: ada), day(-2)...day(3), in: utc, now: noon) }
        #expect(mine.days.map(\.day) == [day(-2), day(-1), day(0)])
        #expect(mine.days.map(\.tasks) == [2, 3, 4])
        #expect(mine.days.map(\.completed) == [1, 1, 1])
        #expect(mine.created == 3 && mine.completed == 1)
        let all = try await store.read { try Tasks($0).burnUp(TaskAudience(.all, of: ada), day(0)...day(0), in: utc, now: noon) }
        #expect(all.days.map(\.tasks) == [5] && all.created == 1 && all.completed == 0)
    }

    @Test("Never are more tasks completed than there are")
    func completedBefore() async throws {
        let store = try await storeWithUsers()
        let task = try await store.add(NewTask(title: "A", status: .completed))
        try await store.change(task.id) { $0.completedAt = noon - .seconds(3 * 86_400) }
        let burnUp = try await store.read { try Tasks($0).burnUp(TaskAudience(.mine, of: ada), day(-5)...day(0), in: utc, now: noon) }
        #expect(burnUp.days.allSatisfy { $0.completed <= $0.tasks } && burnUp.days.last?.completed == 1)
    }

    @Test("Days that have not begun are not counted")
    func future() async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "A"))
        let burnUp = try await store.read { try Tasks($0).burnUp(TaskAudience(.mine, of: ada), day(1)...day(5), in: utc, now: noon) }
        #expect(burnUp.days.isEmpty && burnUp.created == 0)
    }
}
