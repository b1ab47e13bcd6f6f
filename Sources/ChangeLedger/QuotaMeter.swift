// How much of their quotas users have used up. Small things are counted in the transaction that adds one. Tasks, their texts and labels are
// measured now and then outside of it, and kept in memory in between: a new task costs no query and no row for that.
package import Model
package import Repositories
package import StoreCore
import Synchronization

extension Quotas {
    /// Refuses what would go beyond a quota; two requests at once count each other.
    /// - Throws: `Failure.quota`.
    package func require(_ quota: Quota, _ what: Usage.Countable, of user: ID<User>, adding count: Int64 = 1, _ tx: Tx, at now: Instant)
        throws
    {
        try tx.lock("quota \(quota.rawValue) of \(user)")
        guard try Usage(tx).count(what, of: user, at: now) + count <= limit(quota) else { throw Failure.quota(quota, limit: limit(quota)) }
    }
}

package final class QuotaMeter: Sendable {
    /// What somebody is about to add.
    package struct Addition: Sendable {
        package var tasks: Int64 = 0
        package var text: Int64 = 0
        package var labels: Set<String> = []

        package init(tasks: Int64 = 0, text: Int64 = 0, labels: Set<String> = []) {
            self.tasks = tasks
            self.text = text
            self.labels = labels
        }

        package static func of(_ draft: NewTask) -> Addition {
            let text = draft.title.utf8.count + (draft.description?.utf8.count ?? 0) + draft.labels.reduce(0) { $0 + $1.utf8.count }
            return Addition(tasks: 1, text: Int64(text), labels: Set(draft.labels.map(caseFolded)))
        }

        /// The same texts on so many tasks.
        package static func of(_ changes: TaskChanges, count: Int = 1) -> Addition {
            Addition(text: Int64(changes.textBytes * count), labels: Set(((changes.labels ?? []) + changes.addedLabels).map(caseFolded)))
        }

        package var isNothing: Bool { tasks == 0 && text == 0 && labels.isEmpty }
    }

    private struct Account {
        /// What there was when it was measured; `nil` before.
        var measured: (tasks: Int64, text: Int64, at: Instant)?
        /// What was added since.
        var tasks: Int64 = 0
        var text: Int64 = 0
        var labels: Set<String> = []
    }

    /// Bytes of stored answers.
    private struct Answers {
        var measured: (bytes: Int64, at: Instant)?
        var added: Int64 = 0
    }

    private enum Verdict { case allowed, unknown, refused(Quota) }

    /// A measurement is good for so long when it says that nothing more is allowed: asking again costs as much as there are tasks.
    private static let patience: Duration = .seconds(10)
    /// Of a quota a process hands out one part in so many before it measures (again): other processes hand out, too.
    private static let parts: Int64 = 100
    /// Users remembered.
    private static let capacity = 5000

    package let quotas: Quotas
    private let store: any Store
    private let clock: WallClock
    private let accounts = Mutex<[ID<User>: Account]>([:])
    private let answers = Mutex<[ID<User>: Answers]>([:])
    /// What was written since the beginning of somebody's day, which is the first time that they write.
    private let written = Mutex<[ID<User>: (since: Instant, bytes: Int64)]>([:])
    /// Measurements that go on: many who ask at once share one.
    private let measuring = Mutex<[ID<User>: Task<Account, any Error>]>([:])
    private static let day: Duration = .seconds(86_400)

    package init(_ quotas: Quotas, store: any Store, clock: WallClock) {
        self.quotas = quotas
        self.store = store
        self.clock = clock
    }

    /// Counts what the user is about to add. What then fails is counted until the next measurement.
    /// - Throws: `Failure.quota`.
    package func take(_ addition: Addition, of user: ID<User>) async throws {
        if addition.isNothing { return }
        for isLast in [false, true] {
            switch decide(addition, user, isMeasured: isLast) {
            case .allowed: return
            case .refused(let quota): throw Failure.quota(quota, limit: quotas.limit(quota))
            case .unknown: try await measure(user)
            }
        }
    }

    private func decide(_ addition: Addition, _ user: ID<User>, isMeasured: Bool) -> Verdict {
        let now = clock.now()
        return accounts.withLock { accounts in
            if accounts.count >= Self.capacity, accounts[user] == nil { accounts = [:] }
            var account = accounts[user] ?? Account()
            let isFresh = isMeasured || account.measured.map { now <= $0.at + Self.patience && now >= $0.at } ?? false
            let labels = account.labels.union(addition.labels)
            let sums: [(quota: Quota, isAsked: Bool, before: Int64, added: Int64)] = [
                (.tasks, addition.tasks > 0, account.measured?.tasks ?? 0, account.tasks + addition.tasks),
                (.text, addition.text > 0, account.measured?.text ?? 0, account.text + addition.text),
                (.labels, labels.count > account.labels.count, 0, Int64(labels.count)),
            ]
            for (quota, isAsked, before, added) in sums where isAsked {
                let limit = quotas.limit(quota)
                let isOver = before + added > limit
                if isOver, isFresh { return .refused(quota) }
                if isOver || !isFresh && added > limit / Self.parts && (quota != .labels || account.measured == nil) { return .unknown }
            }
            account.tasks += addition.tasks
            account.text += addition.text
            account.labels = labels
            accounts[user] = account
            return .allowed
        }
    }

    /// What the user has now, or had some seconds ago and has added since.
    package func usage(of user: ID<User>) async throws -> (tasks: Int64, text: Int64, labels: Int64) {
        let now = clock.now()
        let known = accounts.withLock { $0[user] }
        if let known, let measured = known.measured, now >= measured.at, now <= measured.at + Self.patience {
            return (measured.tasks + known.tasks, measured.text + known.text, Int64(known.labels.count))
        }
        let account = try await measure(user)
        return (account.measured?.tasks ?? 0, account.measured?.text ?? 0, Int64(account.labels.count))
    }

    @discardableResult
    private func measure(_ user: ID<User>) async throws -> Account {
        let task = measuring.withLock { measuring in
            if let running = measuring[user] { return running }
            let task = Task {
                defer { self.measuring.withLock { $0[user] = nil } }
                return try await self.walk(user)
            }
            measuring[user] = task
            return task
        }
        return try await task.value
    }

    /// In portions: no statement takes long, however many tasks there are.
    private func walk(_ user: ID<User>) async throws -> Account {
        var (tasks, text, labels) = (Int64(0), Int64(0), Set<String>())
        var place: Usage.Place? = .start
        while let from = place {
            let portion = try await store.read { try Usage($0).tasks(of: user, from: from) }
            tasks += portion.tasks
            text += portion.text
            labels.formUnion(try Usage.labelKeys(portion.labels))
            place = portion.next
        }
        let account = Account(measured: (tasks, text, clock.now()), labels: labels)
        accounts.withLock { $0[user] = account }
        return account
    }

    // MARK: What is written

    /// Counts texts that the user writes into existing tasks. A restart begins a new day.
    /// - Throws: `Failure.quota`.
    package func takeWritten(_ bytes: Int64, by user: ID<User>) throws {
        let (now, limit) = (clock.now(), quotas.limit(.changes))
        let isAllowed = written.withLock { written in
            if written.count >= Self.capacity, written[user] == nil { written = written.filter { now < $0.value.since + Self.day } }
            var own = written[user] ?? (now, 0)
            if now >= own.since + Self.day { own = (now, 0) }
            guard own.bytes + bytes <= limit else { return false }
            written[user] = (own.since, own.bytes + bytes)
            return true
        }
        guard isAllowed else { throw Failure.quota(.changes, limit: limit) }
    }

    /// Bytes that the user has written today.
    package func written(by user: ID<User>) -> Int64 {
        let now = clock.now()
        return written.withLock { $0[user].map { now < $0.since + Self.day ? $0.bytes : 0 } ?? 0 }
    }

    // MARK: Stored answers

    /// Asked before a change whose answer will be stored.
    /// - Throws: `Failure.quota`.
    func requireRoomForAnswer(of author: Author) async throws {
        guard case .user(let actor) = author else { return }
        let (user, limit) = (actor.userID, quotas.limit(.answers))
        let now = clock.now()
        let known = answers.withLock { $0[user] } ?? Answers()
        let isFresh = known.measured.map { now >= $0.at && now <= $0.at + Self.patience } ?? false
        var used = (known.measured?.bytes ?? 0) + known.added
        if !isFresh, used >= limit || known.added > limit / Self.parts {
            used = try await store.read { try Usage($0).count(.answers, of: user, at: now) }
            let measured = used
            answers.withLock { $0[user] = Answers(measured: (measured, now)) }
        }
        guard used < limit else { throw Failure.quota(.answers, limit: limit) }
    }

    /// An answer of so many bytes was stored.
    func noteAnswer(_ bytes: Int, of author: Author) {
        guard case .user(let actor) = author else { return }
        answers.withLock { answers in
            if answers.count >= Self.capacity, answers[actor.userID] == nil { answers = [:] }
            answers[actor.userID, default: Answers()].added += Int64(bytes)
        }
    }
}
