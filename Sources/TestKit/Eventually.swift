// Waiting for what another thread or process will do, without guessing how long it takes.
package import Testing

/// Asks until the answer is yes; an error is a no.
package func eventually(
    within limit: Duration = .seconds(20), sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async {
    let end = ContinuousClock.now + limit
    while (try? await condition()) != true {
        guard ContinuousClock.now < end else {
            Issue.record("this has not come true within \(limit)", sourceLocation: sourceLocation)
            return
        }
        try? await Task.sleep(for: .milliseconds(5))
    }
}
