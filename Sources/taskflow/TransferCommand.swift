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
            PGPASSWORD, PGPASSFILE or ~/.pgpass; all of them may be in the environment or in the file that --config names.
            """)

    @ArgumentParser.Option(help: ArgumentHelp("The database that is.", valueName: "url")) var from: String
    @ArgumentParser.Option(help: ArgumentHelp("The database to be.", valueName: "url")) var to: String
    @OptionGroup var file: ConfigArguments

    func run() async throws {
        let settings = try Settings(
            arguments: file.config.map { [$0.flag, $0.value] } ?? [], environment: ProcessInfo.processInfo.environment, signs: false)
        settings.giveToLibpq()
        let progress = ProgressLines()
        let lines = try await Composition.Transfer(from: from, to: to).run {
            progress.show("\($0.phase.rawValue) \($0.table)", $0.done, of: $0.total)
        }
        for line in lines { print(line) }
    }
}
