// What somebody's quick add says, by the clock, the habits and the people of their account.
package import Model
import Repositories
import StoreCore

/// A quick add that was read, and who is meant by the name in it.
package struct ReadQuickAdd: Sendable {
    package let reading: QuickAdd
    package let assigneeID: ID<User>?
}

extension TaskService {
    package func read(quickAdd text: String, of user: ID<User>) async throws -> ReadQuickAdd {
        let now = clock.now()
        return try await store.read { tx in
            let users = Users(tx)
            let (account, preferences) = (try users.get(user), try users.preferences(of: user))
            let settings = QuickAdd.Settings(
                now: now, timeZone: account.timeZone, dateOrder: account.dateOrder, firstWeekday: preferences.firstWeekday ?? .monday)
            var found: [QuickAdd.Mention: ID<User>] = [.me: user]
            let reading = try QuickAdd(text, settings) { mention in
                let people = try users.active(mention)
                found[mention] = people.first
                return people.count
            }
            return ReadQuickAdd(reading: reading, assigneeID: reading.assignee.flatMap { found[$0] })
        }
    }
}
