// What instances tell each other, each message with the transaction that it is about. A message is a hint: who hears it looks.
package import Model
package import StoreCore

package enum InstanceMessage: Equatable, Sendable {
    /// Jobs wait to be done.
    case jobsWaiting
    /// A running job is to be cancelled.
    case jobCancelled(ID<Job>)
    /// What is remembered of the tokens and the role of an account is not true any more.
    case accessChanged(ID<User>)
    /// New events are in the feed; whom they concern, or `nil` for many.
    case eventsSealed(audience: Set<ID<User>>?)

    private static let cancelled = "job cancelled "
    private static let access = "access of user "
    private static let sealed = "sealed "
    /// A NOTIFY of PostgreSQL carries less than 8000 bytes.
    private static let audienceLimit = 7000

    /// `nil` for what another version of the program may say.
    package init?(_ text: String) {
        func id<Entity>(after prefix: String) -> ID<Entity>? {
            text.hasPrefix(prefix) ? Int64(text.dropFirst(prefix.count)).map { ID($0) } : nil
        }
        if text == "jobs" {
            self = .jobsWaiting
        } else if let job: ID<Job> = id(after: Self.cancelled) {
            self = .jobCancelled(job)
        } else if let user: ID<User> = id(after: Self.access) {
            self = .accessChanged(user)
        } else if text.hasPrefix(Self.sealed) {
            let list = text.dropFirst(Self.sealed.count)
            self = .eventsSealed(audience: list == "*" ? nil : Set(list.split(separator: ",").compactMap { Int64($0) }.map { ID($0) }))
        } else {
            return nil
        }
    }

    package var text: String {
        switch self {
        case .jobsWaiting: return "jobs"
        case .jobCancelled(let id): return "\(Self.cancelled)\(id)"
        case .accessChanged(let id): return "\(Self.access)\(id)"
        case .eventsSealed(let audience):
            let list = audience.map { $0.sorted().map(\.description).joined(separator: ",") } ?? "*"
            return Self.sealed + (list.utf8.count > Self.audienceLimit ? "*" : list)
        }
    }
}

extension Tx {
    /// Tells all instances once the transaction is on disk.
    package func tell(_ message: InstanceMessage) throws { try announce(message.text) }
}
