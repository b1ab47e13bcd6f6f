// How subscriptions and their deliveries look on the wire, and the messages that are sent.
import HTTPTypes
import Model
import Payloads
import Services
import Wire

enum WebhookSchemas {
    private static let kind = ChangePayload.kind
    private static let kinds = Shape<[FeedChange.Kind]>.list(kind, 0...FeedChange.Kind.allCases.count)
    private static let url = Shape<String>.text(1...2000)
    private static let scope = Shape<FeedScope>.word(FeedScope.allCases.map { ($0.rawValue, $0) })

    private static let state = Shape<WebhookDelivery.State>.word(WebhookDelivery.State.allCases.map { ($0.word, $0) })

    private static let last = OutputSchema<WebhookDelivery>("LastDelivery") {
        field("id", .id(), example: 12) { $0.id }
        field("event", kind, example: "task.created") { $0.kind }
        field("state", state, "pending: the message is being sent, or will be sent again.", example: "pending") { $0.state }
        field("attempts", .count, "The number of attempts so far.", example: 2) { $0.attempts }
        nullable(
            "response_status", .integer(100...999),
            "The status of the last attempt; null without an answer.", example: 503
        ) { $0.status }
        nullable("error", .text(0...2000), "The reason why the last attempt had no answer.") { $0.error }
        field(
            "attempted_at", .instant,
            "The time of the last attempt; without an attempt, the time when the message was made."
        ) { $0.attemptedAt }
        nullable(
            "next_attempt_at", .instant,
            "The time of the next attempt; null if there is none, or if it is in progress."
        ) { $0.nextAttemptAt }
    }

    /// A subscription, with its secret when that is shown.
    static let webhook = OutputSchema<WebhookService.Shown>("Webhook", uses: [last]) {
        field("id", .id(), example: 3) { $0.webhook.id }
        field("url", url, example: "https://example.com/hooks/taskflow") { $0.webhook.url }
        field(
            "events", kinds,
            "The kinds of changes that are sent; an empty list means all.", example: ["task.created"]
        ) { $0.webhook.kinds }
        field("scope", scope, "mine: changes of tasks that you own or are assigned; all: changes of all tasks.") { $0.webhook.scope }
        field("is_active", .flag) { $0.webhook.isActive }
        nullable("disabled_reason", .text(0...2000), "The reason why the server stopped it.") { $0.webhook.disabledReason }
        sometimes(
            "secret", .text(1...100), "The secret for checking signatures (Standard Webhooks); shown only when it is created.",
            example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        ) { $0.secret }
        unversioned(lastDelivery())
        field("created_at", .instant) { $0.webhook.createdAt }
        field("updated_at", .instant) { $0.webhook.updatedAt }
        field("version", .count, "Increases by one with each change; also the ETag.", example: 1) { $0.webhook.version }
    }

    private static func lastDelivery() -> OutputField<WebhookService.Shown> {
        nullable("last_delivery", last.shape, "The state of the newest message; null if there is none. It changes without a new version.") {
            $0.last
        }
    }

    static let all = webhook.all("WebhookList")

    /// What an admin sees of the webhooks of others: how they do, and nothing of what they send or of the secrets in their URLs.
    private static let adminWebhook = OutputSchema<WebhookService.Shown>("AdminWebhook", uses: [last]) {
        field("id", .id(), example: 3) { $0.webhook.id }
        field("owner_id", .id(), example: 2) { $0.webhook.ownerID }
        nullable("host", .text(0...2000), "The host of the URL; only the owner sees the whole URL.", example: "example.com") { $0.host }
        field("scope", scope) { $0.webhook.scope }
        field("is_active", .flag) { $0.webhook.isActive }
        nullable("disabled_reason", .text(0...2000), "The reason why the server stopped it.") { $0.webhook.disabledReason }
        lastDelivery()
        field("created_at", .instant) { $0.webhook.createdAt }
        field("updated_at", .instant) { $0.webhook.updatedAt }
    }

    static let adminPage = adminWebhook.page("AdminWebhookPage")

    static let draft = InputSchema<NewWebhook>("NewWebhook", NewWebhook.init(url:kinds:scope:)) {
        required(
            "url", url, "An https URL with a public address. International host names are supported (IDNA).",
            example: "https://example.com/hooks/taskflow")
        defaulted("events", kinds, to: [], "The kinds of changes that are sent; an empty list means all.", example: ["task.created"])
        defaulted("scope", scope, to: .mine, "all: all tasks, admins only.")
    }

    static let changes = InputSchema<WebhookChanges>("WebhookChanges", WebhookChanges.init(url:kinds:isActive:)) {
        filter("url", url, example: "https://example.com/hooks/taskflow")
        filter("events", kinds)
        filter("is_active", .flag, "true starts it again at the position where it stopped.")
    }

    private static let delivery = OutputSchema<WebhookDelivery>("WebhookDelivery") {
        field("id", .id(), example: 12) { $0.id }
        field(
            "message_id", .text(1...64),
            "The webhook-id; it is the same for every attempt.", example: "msg_3_1042-9f3a1c2b"
        ) { $0.messageID }
        field("event", kind) { $0.kind }
        field("state", state, "pending: the message is being sent, or will be sent again.", example: "delivered") { $0.state }
        field("attempts", .count, example: 1) { $0.attempts }
        field("request", .text(0...1_000_000), "The body of the message.", example: "{\"type\":\"task.created\"}") { $0.request }
        nullable(
            "response_status", .integer(100...999),
            "The status of the last attempt; null without an answer.", example: 200
        ) { $0.status }
        nullable("response_body", .text(0...10_000), "The beginning of the last answer.") { $0.answer }
        nullable("error", .text(0...2000), "The reason why the last attempt had no answer.") { $0.error }
        nullable("duration_ms", .count, example: 87) { $0.milliseconds }
        field("created_at", .instant) { $0.createdAt }
        field(
            "attempted_at", .instant,
            "The time of the last attempt; without an attempt, the time when the message was made."
        ) { $0.attemptedAt }
        nullable(
            "next_attempt_at", .instant,
            "The time of the next attempt; null if there is none, or if it is in progress."
        ) { $0.nextAttemptAt }
    }

    static let deliveries = delivery.page("WebhookDeliveryPage")
}

extension WebhookMessage {
    /// What the API document says of the request that carries it.
    static var operation: Wire.Operation {
        var operation = Wire.Operation(
            id: "taskMessage", method: .post, path: "", tag: Tag.webhooks.rawValue, summary: "A task has changed")
        operation.description = """
            The server sends this message to the URL of a webhook, signed by the rules of Standard Webhooks. To check the signature, compute \
            HMAC-SHA256 of `webhook-id`, `webhook-timestamp` and the bytes of the body, joined by full stops. The key is the base64 text after \
            `whsec_` of the secret. One of the signatures in `webhook-signature` must be `v1,` and the result in base64. Refuse messages whose time is \
            more than five minutes away. Answer within ten seconds. A message without an answer of 2xx is sent again for a day, with the same \
            `webhook-id`, and later messages wait. The message of `testWebhook` has the type `webhook.test`, and only a `webhook_id` in `data`.
            """
        operation.parameters = [
            header("webhook-id", "The same for every attempt: with it the receiver recognises a repeated message.", "msg_3_1042-9f3a1c2b"),
            header("webhook-timestamp", "The time of this attempt, in seconds since 1970.", "1795512600"),
            header(
                "webhook-signature", "One signature, or two signatures for a day after a change of the secret, separated by a space.",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ]
        operation.body = schema
        operation.responses = [
            .init(200, "The receiver accepts the message with any status from 200 to 299."),
            .init(410, "The receiver wants no further messages: the webhook is stopped at once."),
            .init(500, "With any other status the receiver does not accept the message: the server sends it again."),
        ]
        return operation
    }

    private static func header(_ name: String, _ words: String, _ example: String) -> Wire.Operation.Parameter {
        .init(
            .header, name, isRequired: true,
            document: ["type": "string", "examples": [.string(example)], "description": .string(words)])
    }
}
