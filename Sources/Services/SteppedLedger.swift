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

    private enum Step: Sendable {
        case whole(Answer, isReplay: Bool)
        case part(Answer)
    }

    /// The same, at most once for its key: the answer to each step is stored with the step, so that a request that broke off goes on where
    /// it was when it is sent again.
    /// - Parameters:
    ///   - render: turns the items of a step, or a failure, into an answer.
    ///   - join: makes one answer of those to all steps.
    package func once<Item: Sendable>(
        _ key: IdempotencyKey, answer render: @escaping @Sendable (Result<[Item], Failure>) -> Answer,
        joining join: @escaping @Sendable ([Answer]) throws -> Answer, prepare: () async throws -> SteppedChange<Item>
    ) async throws -> (answer: Answer, isReplay: Bool) {
        let release = try claim(key)
        defer { release() }
        if let earlier = try await storedAnswer(to: key) { return (earlier, true) }
        let change = try await prepare()
        try await meter.requireRoomForAnswer(of: change.author)
        let steps = try await change.begin(try await storedAnswer(to: key.choice)?.chosen)
        var parts: [Answer] = []
        while true {
            let done = parts.reduce(0) { $0 + ($1.items ?? 0) }
            let before = parts
            let step = try await inTurn(change.author, done, of: steps.count) { () -> Step in
                if let part = try await storedAnswer(to: key.step(from: done)) { return .part(part) }
                let prepared = try await steps.step(done)
                let (step, effects) = try await store.write { [self] tx in
                    try make(prepared, of: steps, after: before, key, tx, render, join)
                }
                effects.forEach { $0() }
                return step
            }
            switch step {
            case .whole(let answer, let isReplay):
                if !isReplay { meter.noteAnswer(answer.body.count, of: change.author) }
                return (answer, isReplay)
            case .part(let answer): parts.append(answer)
            }
        }
    }

    /// Makes a step and stores its answer; with the last one the answer to all of them takes the place of theirs.
    private func make<Item>(
        _ change: Change<[Item]>, of steps: SteppedChange<Item>.Steps, after parts: [Answer], _ key: IdempotencyKey, _ tx: Tx,
        _ render: (Result<[Item], Failure>) -> Answer, _ join: ([Answer]) throws -> Answer
    ) throws -> (Step, effects: [@Sendable () -> Void]) {
        let now = clock.now()
        let done = parts.reduce(0) { $0 + ($1.items ?? 0) }
        let stepKey = key.step(from: done)
        // Another instance may be at it, or have been faster.
        guard try IdempotentAnswers(tx).claim(key.place) else { throw Failure.conflict(.idempotencyInProgress) }
        if let earlier = try storedAnswer(to: key, tx, at: now) { return (.whole(earlier, isReplay: true), []) }
        if let part = try storedAnswer(to: stepKey, tx, at: now) { return (.part(part), []) }
        let (result, effects) = try attempt(change, tx, at: now)
        var answer = render(result)
        switch result {
        case .failure(let failure):
            guard parts.isEmpty else { throw failure }
        case .success(let items) where done + items.count < steps.count:
            answer.items = items.count
            if parts.isEmpty, let chosen = steps.chosen { try store(Answer(choosing: chosen), to: key.choice, tx, at: now) }
            try store(answer, to: stepKey, tx, at: now)
            return (.part(answer), effects)
        case .success:
            if parts.isEmpty { break }
            answer = try join(parts + [answer])
            var first = 0
            for part in parts {
                try IdempotentAnswers(tx).delete(key.step(from: first).place)
                first += part.items ?? 0
            }
            if steps.chosen != nil { try IdempotentAnswers(tx).delete(key.choice.place) }
        }
        try store(answer, to: key, tx, at: now)
        return (.whole(answer, isReplay: false), effects)
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

extension Answer {
    fileprivate init(choosing ids: [Int64]) {
        self.init(status: 200, body: Array(ids.map(String.init).joined(separator: " ").utf8))
    }

    fileprivate var chosen: [Int64] { String(decoding: body, as: UTF8.self).split(separator: " ").compactMap { Int64($0) } }
}
