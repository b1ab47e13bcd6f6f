// Makes a large change in steps: each is a transaction of its own, and others take their turn between two of them.
package import Model
import Repositories
import StoreCore

extension Ledger {
    /// Makes the change and returns what became of its items.
    /// - Throws: `Failure`, `StoreError`; `Failure.unfinished` when the first steps were made and a later one was not.
    package func perform<Item: Sendable>(_ change: SteppedChange<Item>) async throws -> [Item] {
        let steps = try await change.begin(nil)
        var items: [Item] = []
        repeat {
            let first = items.count
            items += try await inTurn(change.author, first, of: steps.count) { try await perform(try await steps.step(first)) }
        } while items.count < steps.count
        return items
    }

    private enum Step<Answer: Codable & Sendable>: Sendable {
        /// - Parameter newBytes: how many bytes were stored for it; `nil` when it was stored before.
        case whole(Answer, newBytes: Int?)
        case part(StoredAnswer<Answer>)
    }

    /// The same, at most once for its key: the answer to each step is stored with the step, so that a request that broke off goes on where
    /// it was when it is sent again.
    /// - Parameters:
    ///   - render: turns the items of a step, or a failure, into an answer.
    ///   - join: makes one answer of those to all steps.
    package func once<Item: Sendable, Answer: Codable & Sendable>(
        _ key: IdempotencyKey, answer render: @escaping @Sendable (Result<[Item], Failure>) -> Answer,
        joining join: @escaping @Sendable ([Answer]) throws -> Answer, prepare: () async throws -> SteppedChange<Item>
    ) async throws -> (answer: Answer, isReplay: Bool) {
        let release = try claim(key)
        defer { release() }
        if let earlier = try await storedAnswer(to: key, as: Answer.self) { return (earlier.answer, true) }
        let change = try await prepare()
        try await meter.requireRoomForAnswer(of: change.author)
        let steps = try await change.begin(try await storedAnswer(to: key.choice, as: Choice.self)?.answer.chosen)
        var parts: [StoredAnswer<Answer>] = []
        while true {
            let done = parts.itemCount()
            let before = parts
            let step = try await inTurn(change.author, done, of: steps.count) { () -> Step<Answer> in
                if let part = try await storedAnswer(to: key.step(from: done), as: Answer.self) { return .part(part) }
                let prepared = try await steps.step(done)
                let (step, effects) = try await store.write { [self] tx in
                    try make(prepared, of: steps, after: before, key, tx, render, join)
                }
                effects.forEach { $0() }
                return step
            }
            switch step {
            case .whole(let answer, let newBytes):
                if let newBytes { meter.noteAnswer(newBytes, of: change.author) }
                return (answer, newBytes == nil)
            case .part(let answer): parts.append(answer)
            }
        }
    }

    /// Makes a step and stores its answer; with the last one the answer to all of them takes the place of theirs.
    private func make<Item, Answer>(
        _ change: Change<[Item]>, of steps: SteppedChange<Item>.Steps, after parts: [StoredAnswer<Answer>], _ key: IdempotencyKey, _ tx: Tx,
        _ render: (Result<[Item], Failure>) -> Answer, _ join: ([Answer]) throws -> Answer
    ) throws -> (Step<Answer>, effects: [@Sendable () -> Void]) {
        let now = clock.now()
        let done = parts.itemCount()
        let stepKey = key.step(from: done)
        // Another instance may be at it, or have been faster.
        guard try IdempotentAnswers(tx).claim(key.place) else { throw Failure.conflict(.idempotencyInProgress) }
        if let earlier = try storedAnswer(to: key, as: Answer.self, tx, at: now) { return (.whole(earlier.answer, newBytes: nil), []) }
        if let part = try storedAnswer(to: stepKey, as: Answer.self, tx, at: now) { return (.part(part), []) }
        let (result, effects) = try attempt(change, tx, at: now)
        var answer = render(result)
        switch result {
        case .failure(let failure):
            guard parts.isEmpty else { throw failure }
        case .success(let items) where done + items.count < steps.count:
            let part = StoredAnswer(answer, items: items.count)
            if parts.isEmpty, let chosen = steps.chosen {
                try store(StoredAnswer(Choice(chosen: chosen)), key.choice.sealingKey(secrets[0]), to: key.choice, tx, at: now)
            }
            try store(part, stepKey.sealingKey(secrets[0]), to: stepKey, tx, at: now)
            return (.part(part), effects)
        case .success:
            if parts.isEmpty { break }
            answer = try join(parts.map(\.answer) + [answer])
            for first in parts.indices { try IdempotentAnswers(tx).delete(key.step(from: parts[..<first].itemCount()).place) }
            if steps.chosen != nil { try IdempotentAnswers(tx).delete(key.choice.place) }
        }
        let bytes = try store(StoredAnswer(answer), key.sealingKey(secrets[0]), to: key, tx, at: now)
        return (.whole(answer, newBytes: bytes), effects)
    }

    private func inTurn<Value: Sendable>(
        _ author: Author, _ done: Int, of count: Int, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            try await turns.take(author.userID)
        } catch {
            throw done > 0 ? Failure.unfinished(done: done, of: count) : error
        }
        defer { turns.give() }
        do {
            return try await body()
        } catch let error where done > 0 && (error is StoreError || (error as? Failure)?.mayPass == true) {
            throw Failure.unfinished(done: done, of: count)
        }
    }
}

extension Failure {
    fileprivate var mayPass: Bool {
        switch self {
        case .limited, .unavailable, .conflict(.idempotencyInProgress): true
        default: false
        }
    }
}

extension IdempotencyKey {
    /// Under which the answer to one step is stored. A client's key has no blank.
    fileprivate func step(from first: Int) -> IdempotencyKey { part("from \(first)") }

    /// Under which it is stored what the change is about, with its first step.
    fileprivate var choice: IdempotencyKey { part("choice") }

    private func part(_ name: String) -> IdempotencyKey {
        var part = self
        part.key += " \(name)"
        return part
    }
}

/// Ids of the items that a change is about, when they were chosen by something that changes with the change itself.
private struct Choice: Codable {
    var chosen: [Int64]
}

extension Sequence {
    /// How many items the steps were about that these are the answers to.
    fileprivate func itemCount<Answer>() -> Int where Element == StoredAnswer<Answer> { reduce(0) { $0 + ($1.items ?? 0) } }
}
