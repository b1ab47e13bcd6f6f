// One answer to a change that was made in steps, of the stored answers to each of them.
import StoreCore
import Wire

extension TaskSchemas {
    @Sendable
    static func join(_ answers: [Answer]) throws -> Answer {
        try answers.joined { bodies in
            [
                "results": .array(try bodies.elements("results")), "succeeded": .int(try bodies.sum("succeeded")),
                "failed": .int(try bodies.sum("failed")),
            ]
        }
    }
}

extension [Answer] {
    /// The last of them with another body.
    /// - Throws: `StoreError.corrupt`.
    func joined(_ body: ([JSON]) throws -> JSON) throws -> Answer {
        var joined = last ?? Answer(status: 200, body: [])
        var writer = JSONWriter(capacity: reduce(64) { $0 + $1.body.count })
        writer.json(try body(map { (try? JSON(parsing: $0.body)) ?? .null }))
        joined.body = writer.bytes
        return joined
    }
}

extension [JSON] {
    private static let corrupt = StoreError.corrupt("the stored answer to a step")

    func elements(_ name: String) throws -> [JSON] {
        try flatMap { body in
            guard case .array(let part)? = body[name] else { throw Self.corrupt }
            return part
        }
    }

    func sum(_ name: String) throws -> Int64 {
        try reduce(0) { sum, body in
            guard case .int(let part)? = body[name] else { throw Self.corrupt }
            return sum + part
        }
    }
}
