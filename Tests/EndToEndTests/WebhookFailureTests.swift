// What an operator sees of a webhook that does not get through: a line in the log and a figure.
import Foundation
import HTTPTypes
import TestKit
import Testing
import Wire

@Suite struct WebhookFailureTests {
    @Test("A message that does not arrive is in the log, without the URL, and in the metrics, and so is its arrival")
    func failure() async throws {
        try await withTemporaryFolder { folder in
            try await WebhookReceiver.run(first: [.status(503)]) { receiver in
                var binary = BuiltBinary(in: folder)
                binary.environment["TASKFLOW_WEBHOOK_ALLOW"] = "127.0.0.1"
                let server = try await binary.serve()
                let type = ("Content-Type", "application/json")
                let account: JSON = ["email": "ada@example.com", "password": "a long enough one"]
                let login = try await server.client.send(
                    .post, "/api/v1/auth/register", headers: [type], body: Array(account.text.utf8))
                let headers = [type, ("Authorization", "Bearer \(login.string("access_token") ?? "")")]
                let hook: JSON = ["url": .string("http://127.0.0.1:\(receiver.port)/secret-path")]
                let made = try await server.client.send(.post, "/api/v1/webhooks", headers: headers, body: Array(hook.text.utf8))
                let id = try #require(made.int("id"))
                _ = try await server.client.send(.post, "/api/v1/tasks", headers: headers, body: Array(#"{"title":"A"}"#.utf8))
                let path = "/api/v1/webhooks/\(id)"
                var read = made
                while read.int("last_delivery", "response_status") != 503 {
                    read = try await server.client.send(.get, path, headers: headers)
                    try #require(read.status == 200)
                }
                // Started again, it does not wait for its next attempt.
                for text in [#"{"is_active":false}"#, #"{"is_active":true}"#] {
                    _ = try await server.client.send(.patch, path, headers: headers, body: Array(text.utf8))
                }
                while read.string("last_delivery", "state") != "delivered" {
                    read = try await server.client.send(.get, path, headers: headers)
                    try #require(read.status == 200)
                }
                let metrics = try await server.client.send(.get, "/metrics").text
                #expect(metrics.contains(#"taskflow_webhook_attempts_total{outcome="failed"} 1"#))
                #expect(metrics.contains(#"taskflow_webhook_attempts_total{outcome="delivered"} 1"#))
                #expect(await server.stop() == 0)
                let log = try String(contentsOfFile: server.log, encoding: .utf8)
                let line = try #require(log.split(separator: "\n").first { $0.contains("webhook message not delivered") })
                #expect(line.contains("The receiver answered with 503.") && line.contains("next_attempt_at"))
                #expect(!log.contains("secret-path"))
            }
        }
    }
}
