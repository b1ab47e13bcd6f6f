// What a request expects of the thing that it changes.
package import Model

/// If-Match: the versions of which a change expects one (RFC 9110, 13.1.1).
package enum Precondition: Equatable, Sendable {
    /// No condition was given.
    case none
    case versions([Int64])

    /// - Throws: `Failure.stale`.
    package func require(_ version: Int64) throws(Failure) {
        if case .versions(let expected) = self, !expected.contains(version) { throw .stale(current: version) }
    }
}

extension Precondition {
    /// - Throws: `Failure.stale` with the task, which the caller may see.
    func require(_ task: TaskItem) throws(Failure) {
        do {
            try require(task.version)
        } catch .stale(let current, _) {
            throw .stale(current: current, task: task)
        }
    }
}

/// What a request says of the thing that it changes without being able to change it: a client sends back what it has read.
package struct Repeated<Entity: Sendable>: Sendable {
    /// Wire names of the fields.
    package let names: Set<String>
    private let differences: @Sendable (Entity) -> [Failure.Violation]

    /// - Parameter differences: the fields that are otherwise by now.
    package init(_ names: Set<String>, differences: @escaping @Sendable (Entity) -> [Failure.Violation]) {
        self.names = names
        self.differences = differences
    }

    package static var nothing: Self { .init([]) { _ in [] } }

    /// - Throws: `Failure.invalid`, with each field that is otherwise.
    package func require(_ entity: Entity) throws(Failure) {
        let found = differences(entity)
        if !found.isEmpty { throw .invalid(found) }
    }
}
