// What an installation tells everybody of itself.
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct InstanceTests {
    @Test("A client learns before log-in whether there is an admin, what is possible and how much is taken")
    func instance() async throws {
        try await World.run(World.Options(fileLimit: 5000)) { world in
            let before = try await world.send(.get, "/api/v1/instance")
            #expect(before.status == 200)
            #expect(before.at("needs_setup") == true)
            #expect(before.at("registration_open") == true)
            #expect(before.at("sends_mail") == false)
            #expect(before.string("version")?.isEmpty == false)
            let limits = before.at("limits")
            let expected: JSON = [
                "title": 255, "description": 20_000, "labels": 50, "label": 50, "batch": 1000, "import_bytes": 5000, "password_min": 8,
                "password_max": 128,
            ]
            #expect(limits == expected)
            _ = try await world.person("root", role: .admin)
            #expect(try await world.send(.get, "/api/v1/instance").at("needs_setup") == false)
        }
    }

    @Test("An installation with a mail server says so")
    func mail() async throws {
        var options = World.Options()
        options.arguments = ["--smtp-url", "smtp://localhost:2525", "--taskflow-mail-from", "taskflow@example.com"]
        try await World.run(options) { world in
            let instance = try await world.send(.get, "/api/v1/instance")
            #expect(instance.at("sends_mail") == true)
        }
    }
}
