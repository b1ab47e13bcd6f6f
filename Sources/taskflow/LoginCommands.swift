// Commands that work on a server from anywhere, with a stored login and over the public API alone: log in and out.
import ArgumentParser
import Client
import Composition
import Foundation
import Wire

/// The client with the login that is kept for this user.
func client() throws -> ServerClient { ServerClient(try LoginFile(ProcessInfo.processInfo.environment)) }

struct JSONFlag: ParsableArguments {
    @Flag(help: "Print JSON, as the API answers it.") var json = false
}

struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Logs in to a server for the commands task, token, job and webhook.",
        discussion: """
            The session is kept in $XDG_CONFIG_HOME/taskflow/login.json (~/.config without that variable), which only you can read. It ends \
            after 7 days without use, after 30 days, or with taskflow logout. One login is kept: another one takes its place.
            """)

    @Argument(help: "The address of the server, such as https://tasks.example.com.") var url: String
    @ArgumentParser.Option(help: "Your e-mail address or username; asked for at a terminal.") var user: String?
    @OptionGroup var password: PasswordArguments

    func run() async throws {
        let address = try ServerClient.address(url)
        if ServerClient.isReadable(address) { Terminal.note("note: the password goes to \(address) without encryption") }
        let user = try self.user ?? Terminal.ask("E-mail address or username: ", or: "say who logs in with --user")
        let email = try await ServerClient.logIn(
            address, as: user, password: try password.readOnce(), keepingIn: try LoginFile(ProcessInfo.processInfo.environment))
        print("logged in to \(address) as \(email)")
    }
}

struct Logout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends the session that taskflow login began, and forgets it.")

    func run() async throws { print("logged out of \(try await client().logOut())") }
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Manages personal access tokens of your account on the server.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a personal access token and prints it, this once.",
            discussion: "The server asks for the password again when it was entered more than 10 minutes ago.")

        @Argument(help: "What you know the token by, such as the script that uses it.") var name: String
        @ArgumentParser.Option(help: "tasks:read, tasks:write or admin; may be given several times.") var scope: [String]
        @ArgumentParser.Option(help: "Days until it ends; without it the token lives until it is revoked.") var days: Int?
        @OptionGroup var password: PasswordArguments
        @OptionGroup var format: JSONFlag

        func validate() throws {
            if let days, !(1...36_500).contains(days) { throw ValidationError("--days takes a number from 1 to 36500, not \(days)") }
        }

        func run() async throws {
            let client = try client()
            var draft: JSON = ["name": .string(name), "scopes": .array(scope.map { .string($0) })]
            if let days {
                draft = draft.with("expires_at", .string(Date(timeIntervalSinceNow: Double(days) * 86_400).formatted(.iso8601)))
            }
            let token: JSON
            do {
                token = try await client.send("POST", "/auth/tokens", draft)
            } catch let refusal as RefusedRequest where refusal.code == "reauthentication_required" {
                try await client.send("POST", "/auth/reauthenticate", ["password": .string(try password.readOnce())])
                token = try await client.send("POST", "/auth/tokens", draft)
            }
            print(format.json ? token.text : token["token"]?.stringValue ?? "")
        }
    }
}
