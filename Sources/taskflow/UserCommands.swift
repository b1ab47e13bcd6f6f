// Commands about accounts. Passwords come from a prompt or from standard input, never from the command line, which others can see.
import ArgumentParser
import Composition
import Foundation

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Manages accounts.",
        subcommands: [Create.self, List.self, SetRole.self, Deactivate.self, ResetPassword.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Creates an account.")

        @OptionGroup var password: PasswordArguments
        @ArgumentParser.Option(help: "The e-mail address.") var email: String
        @ArgumentParser.Option(help: "The username.") var username: String?
        @ArgumentParser.Option(help: "The name.") var name: String?
        @ArgumentParser.Option(help: "user or admin.") var role = "user"
        @OptionGroup var arguments: SettingsArguments

        func run() async throws {
            // A wrong option is told before anybody types a password.
            let settings = try arguments.settings(signs: false)
            let command = AdminCommand.createUser(
                email: email, username: username, name: name, role: role, password: try password.read())
            try await taskflow.run(command, settings)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists all accounts.")

        @OptionGroup var arguments: SettingsArguments

        func run() async throws { try await taskflow.run(.listUsers, arguments) }
    }

    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes an account a user or an admin.")

        @Argument(help: "An id, e-mail address or username.") var who: String
        @Argument(help: "user or admin.") var role: String
        @OptionGroup var arguments: SettingsArguments

        func run() async throws { try await taskflow.run(.setRole(who: who, role: role), arguments) }
    }

    struct Deactivate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Deactivates an account and logs it out everywhere.")

        @Argument(help: "An id, e-mail address or username.") var who: String
        @OptionGroup var arguments: SettingsArguments

        func run() async throws { try await taskflow.run(.deactivate(who: who), arguments) }
    }

    struct ResetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Gives an account a new password and logs it out everywhere.")

        @OptionGroup var password: PasswordArguments
        @Argument(help: "An id, e-mail address or username.") var who: String
        @OptionGroup var arguments: SettingsArguments

        func run() async throws {
            // A wrong option is told before anybody types a password.
            let settings = try arguments.settings(signs: false)
            try await taskflow.run(.resetPassword(who: who, password: try password.read()), settings)
        }
    }
}

struct PasswordArguments: ParsableArguments {
    @Flag(help: "Read the password from the first line of standard input.") var passwordStdin = false

    /// One that is there already.
    func readOnce() throws -> String {
        if passwordStdin {
            guard let line = readLine(), !line.isEmpty else { throw SettingsError("there is no password on standard input") }
            return line
        }
        guard isatty(STDIN_FILENO) == 1, let password = getpass("Password: ").map({ String(cString: $0) }) else {
            throw SettingsError("there is no terminal to ask for the password: use --password-stdin")
        }
        return password
    }

    /// One that is new: what is typed at a terminal is typed twice.
    func read() throws -> String {
        let password = try readOnce()
        if passwordStdin { return password }
        guard let again = getpass("Again: ").map({ String(cString: $0) }), again == password else {
            throw SettingsError("the two passwords differ")
        }
        return password
    }
}
