// `taskflow job` and `taskflow webhook`: background work on a server.
import ArgumentParser
import Client
import Foundation
import Wire

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Shows and steers background jobs of the server that you logged in to.",
        subcommands: [List.self, Show.self, Cancel.self, Retry.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists your jobs, the newest first.")

        @ArgumentParser.Option(help: "queued, running, completed, failed or cancelled.") var state: String?
        @Flag(help: "Everybody's and the server's own; only for an admin.") var everybody = false
        @ArgumentParser.Option(help: "How many at most, 1 to 10000.") var limit = 100
        @OptionGroup var format: JSONFlag

        func validate() throws { try validateLimit(limit) }

        func run() async throws {
            let query = state.map { [("state", $0)] } ?? []
            let jobs = try await client().list(everybody ? "/admin/jobs" : "/jobs", query, upTo: limit)
            if format.json { return print(JSON.array(jobs).text) }
            Terminal.printTable(
                ["ID", "KIND", "STATE", "DONE", "CREATED", "ERROR"],
                jobs.map { job in
                    let progress = job["progress"]
                    let total = progress?["total"]?.intValue.map { "/\($0)" } ?? ""
                    return [
                        job["id"]?.cell, job["kind"]?.cell, job["state"]?.cell, (progress?["done"]?.cell ?? "") + total,
                        job["created_at"]?.momentCell, job["error"]?.cell,
                    ].map { $0 ?? "" }
                })
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows a job.")

        @Argument(help: "Its id.") var id: Int64
        @OptionGroup var format: JSONFlag

        func run() async throws { show(try await client().send("GET", "/jobs/\(id)"), format) }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Cancels a job; one that runs ends at its next step.")

        @Argument(help: "Its id.") var id: Int64
        @OptionGroup var format: JSONFlag

        func run() async throws { show(try await client().send("POST", "/jobs/\(id)/cancel"), format) }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Queues a job again that was given up; only for an admin.")

        @Argument(help: "Its id.") var id: Int64
        @OptionGroup var format: JSONFlag

        func run() async throws { show(try await client().send("POST", "/admin/jobs/\(id)/retry"), format) }
    }
}

struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Shows and tests your webhooks on the server that you logged in to.",
        subcommands: [List.self, Test.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists your webhooks and how their newest message fared.")

        @OptionGroup var format: JSONFlag

        func run() async throws {
            let webhooks = try await client().send("GET", "/webhooks")["data"]?.elements ?? []
            if format.json { return print(JSON.array(webhooks).text) }
            Terminal.printTable(
                ["ID", "ACTIVE", "LAST", "URL", "EVENTS", "WHY STOPPED"],
                webhooks.map { webhook in
                    let events = webhook["events"]?.cell ?? ""
                    return [
                        webhook["id"]?.cell, webhook["is_active"]?.cell, webhook["last_delivery"]?["state"]?.cell, webhook["url"]?.cell,
                        events.isEmpty ? "all" : events, webhook["disabled_reason"]?.cell,
                    ].map { $0 ?? "" }
                })
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends a test message to a webhook and says how it was answered.",
            discussion: "Exit status: 0 when it was answered with a status 2xx, 1 when it was not.")

        /// How often the job is asked after, and for how long.
        private static let pause: Duration = .milliseconds(200)
        private static let patience: Duration = .seconds(60)

        @Argument(help: "Its id.") var id: Int64
        @OptionGroup var format: JSONFlag

        func run() async throws {
            let client = try client()
            var job = try await client.send("POST", "/webhooks/\(id)/test")
            let end = ContinuousClock.now + Self.patience
            while ["queued", "running"].contains(job["state"]?.stringValue ?? "") {
                guard ContinuousClock.now < end else {
                    throw Ended(
                        status: 1, "the test still waits for a worker: `taskflow job show \(job["id"]?.cell ?? "")` says how it ends")
                }
                try await Task.sleep(for: Self.pause)
                job = try await client.send("GET", "/jobs/\(job["id"]?.cell ?? "")")
            }
            let result = job["result"]
            if format.json { print(job.text) }
            guard let status = result?["status"]?.intValue else {
                throw Ended(
                    status: 1, "webhook \(id) was not reached: \(result?["error"]?.stringValue ?? job["error"]?.cell ?? "no answer")")
            }
            guard 200..<300 ~= status else { throw Ended(status: 1, "webhook \(id) answered with the status \(status)") }
            if !format.json { print("webhook \(id) answered with the status \(status) after \(result?["duration_ms"]?.cell ?? "?") ms") }
        }
    }
}

/// A job, a line each of what there is to say.
private func show(_ job: JSON, _ format: JSONFlag) {
    if format.json { return print(job.text) }
    let progress = job["progress"]
    let done = (progress?["done"]?.cell ?? "") + (progress?["total"]?.intValue.map { " of \($0)" } ?? "")
    let facts: [(String, String?)] = [
        ("id", job["id"]?.cell), ("kind", job["kind"]?.cell), ("state", job["state"]?.cell), ("done", done),
        ("attempts", job["attempts"]?.cell),
        ("created", job["created_at"]?.cell), ("started", job["started_at"]?.cell), ("finished", job["finished_at"]?.cell),
        ("result", job["result"]?.cell), ("error", job["error"]?.cell),
    ]
    for (name, value) in facts {
        guard let value, !value.isEmpty else { continue }
        print(name.padding(toLength: 10, withPad: " ", startingAt: 0) + TextTable.harmless(value))
    }
}
