// Subscriptions over HTTP. They outlive the session that makes them, so that no personal access token may make one.
import ChangeLedger
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct WebhookEndpoints {
    let webhooks: WebhookService

    private static let path = "/api/v1/webhooks"
    private static let one = "/api/v1/webhooks/{id}"

    var list: Endpoint {
        .read(
            .listWebhooks, Self.path, "List your webhooks", tag: .webhooks, for: .session,
            gives: .ok(WebhookSchemas.all, "The webhooks, the newest first.")
        ) { try await webhooks.list(of: $0) }
    }

    var create: Endpoint {
        .change(
            .createWebhook, .post, Self.path, "Send changes to a URL", tag: .webhooks, for: .recentSession, .body(WebhookSchemas.draft),
            gives: .created(WebhookSchemas.webhook, "The webhook; its secret is shown only now.") { "\(Self.path)/\($0.webhook.id)" }
                .tagged(\.webhook.version).withSecret(), fails: [403, 409]
        ) { try webhooks.create($1, by: $0) }
    }

    var get: Endpoint {
        .read(
            .getWebhook, Self.one, "Get a webhook", tag: .webhooks, for: .session, .path("id", .id(Webhook.self)),
            gives: .ok(WebhookSchemas.webhook, "The webhook.").tagged(forChanges: \.webhook.version)
        ) { try await webhooks.get($1, by: $0) }
    }

    var update: Endpoint {
        .change(
            .updateWebhook, .patch, Self.one, "Change, stop or start a webhook", tag: .webhooks, for: .recentSession,
            .path("id", .id(Webhook.self)), .ifMatch, .update(WebhookSchemas.changes, of: WebhookSchemas.webhook),
            gives: .ok(WebhookSchemas.webhook, "The webhook after the change.").tagged(\.webhook.version)
        ) { try webhooks.update($1, $3.changes, if: $2, repeating: Repeated($3.repetition) { .init($0) }, by: $0) }
    }

    var delete: Endpoint {
        .change(
            .deleteWebhook, .delete, Self.one, "Delete a webhook and its deliveries", tag: .webhooks, for: .session,
            .path("id", .id(Webhook.self)), .ifMatch, gives: .noContent("No further messages are sent.")
        ) { webhooks.delete($1, if: $2, by: $0) }
    }

    var rotate: Endpoint {
        .change(
            .rotateWebhookSecret, .post, "\(Self.one)/rotate-secret",
            "Create a new secret for a webhook", tag: .webhooks, for: .recentSession,
            .path("id", .id(Webhook.self)),
            gives: .ok(WebhookSchemas.webhook, "The webhook with its new secret; for a day messages are also signed with the old secret.")
                .tagged(\.webhook.version).withSecret()
        ) { try webhooks.rotate($1, by: $0) }
    }

    var deliveries: Endpoint {
        .read(
            .listDeliveries, "\(Self.one)/deliveries", "List the deliveries of a webhook", tag: .webhooks, for: .session,
            .path("id", .id(Webhook.self)), .query(PageFields.request),
            gives: .page(WebhookSchemas.deliveries, "A page of the deliveries of the last 30 days, at most 10,000, the newest first.")
        ) { try await webhooks.deliveries(of: $1, $2, by: $0) }
    }

    var replay: Endpoint {
        .change(
            .replayDelivery, .post, "\(Self.one)/deliveries/{delivery_id}/replay", "Send a message again", tag: .webhooks,
            for: .recentSession, .path("id", .id(Webhook.self)), .path("delivery_id", .id(WebhookDelivery.self)),
            gives: .accepted(JobPayload.job, "The job that sends it.", at: JobEndpoints.location)
        ) { webhooks.replay($2, of: $1, by: $0) }
    }

    var test: Endpoint {
        .change(
            .testWebhook, .post, "\(Self.one)/test", "Send a test message", tag: .webhooks, for: .session, .path("id", .id(Webhook.self)),
            gives: .accepted(
                JobPayload.job, "The job that sends a message of the type webhook.test, once; its result has the answer.",
                at: JobEndpoints.location)
        ) { webhooks.test($1, by: $0) }
    }

    var listAll: Endpoint {
        .read(
            .listAllWebhooks, "/api/v1/admin/webhooks", "List everybody's webhooks and their state", tag: .administration, for: .admin,
            .query(PageFields.request), gives: .page(WebhookSchemas.adminPage, "A page of webhooks, the newest first.")
        ) { try await webhooks.listAll($1) }
    }
}
