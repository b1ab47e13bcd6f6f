// A read that is prepared and not made yet: whoever asked for it chooses whether to wait for it.

package struct PreparedRead<Out: Sendable>: Sendable {
    /// The result, read on the calling thread; `nil` where somebody would have to be waited for, or it would take too long (`Store.rowsAtOnce`).
    package let atOnce: @Sendable () throws -> Out?
    /// The result, however long it takes.
    package let whenever: @Sendable () async throws -> Out

    /// A read that has to be waited for.
    package init(_ whenever: @escaping @Sendable () async throws -> Out) { self.init(atOnce: { nil }, whenever: whenever) }

    package init(atOnce: @escaping @Sendable () throws -> Out?, whenever: @escaping @Sendable () async throws -> Out) {
        self.atOnce = atOnce
        self.whenever = whenever
    }

    package func map<Other: Sendable>(_ transform: @escaping @Sendable (Out) -> Other) -> PreparedRead<Other> {
        let (atOnce, whenever) = (atOnce, whenever)
        return .init(atOnce: { try atOnce().map(transform) }, whenever: { transform(try await whenever()) })
    }
}

extension Store {
    /// - Parameter make: makes the result of the rows; it throws what the caller is told instead.
    package func prepare<Element, Out>(
        _ query: Query<Element>, from source: ReadSource, _ make: @escaping @Sendable ([Element]) throws -> Out
    ) -> PreparedRead<Out> {
        .init(
            atOnce: { try self.rowsAtOnce(query).map(make) },
            whenever: { try make(try await self.rows(query, from: source)) })
    }
}
