// The command that moves an installation to another database.
import ArgumentParser
import Composition
import Foundation

struct Transfer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Moves a whole installation to another database.",
        discussion: """
            Stop every server of both databases first. The target is an empty database; the source is not changed. Ids, versions, history and \
            passwords stay as they are, and every row is compared at the end. Interrupted, even by kill -9, the same command goes on where it \
            was; until it has finished no server starts on the target.

            A database is sqlite:PATH or postgres://USER@HOST/NAME. Others on this machine can see command lines: leave a password to \
            PGPASSWORD or ~/.pgpass.
            """)

    @ArgumentParser.Option(help: ArgumentHelp("The database that is.", valueName: "url")) var from: String
    @ArgumentParser.Option(help: ArgumentHelp("The database to be.", valueName: "url")) var to: String

    func run() async throws {
        let progress = ProgressLines()
        let lines = try await Composition.Transfer(from: from, to: to).run {
            progress.show("\($0.phase.rawValue) \($0.table)", $0.done, of: $0.total)
        }
        for line in lines { print(line) }
    }
}
