// The messages of webhooks.
package import Model
package import Wire

/// What is sent for a change. It has the fields that Standard Webhooks proposes.
package enum WebhookMessage {
    package static let schema = OutputSchema<FeedChange>("WebhookMessage", uses: [ChangePayload.change]) {
        field("type", ChangePayload.kind, "The kind of change.", example: "task.created") { $0.happened }
        field("timestamp", .instant, "The time of the change.") { $0.at }
        field("data", ChangePayload.change.shape, "The change, as in the feed.") { $0 }
    }

    package static func text(of change: FeedChange) -> String {
        var writer = JSONWriter(capacity: 1024)
        schema.write(change, &writer)
        return writer.text
    }

    private struct Test: Sendable {
        let webhook: ID<Webhook>
        let at: Instant
    }

    private static let testData = OutputSchema<Test>("WebhookTestData") {
        field("webhook_id", .id()) { $0.webhook }
    }

    private static let testSchema = OutputSchema<Test>("WebhookTest", uses: [testData]) {
        field("type", .text(1...64)) { _ in "webhook.test" }
        field("timestamp", .instant) { $0.at }
        field("data", testData.shape) { $0 }
    }

    package static func test(of webhook: ID<Webhook>, at now: Instant) -> String {
        var writer = JSONWriter()
        testSchema.write(Test(webhook: webhook, at: now), &writer)
        return writer.text
    }
}
