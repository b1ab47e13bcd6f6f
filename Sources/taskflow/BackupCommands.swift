// Commands that copy a whole installation out and in.
import ArgumentParser
import Composition
import Foundation

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Copies the database to a file, while the server runs or not.")

    @Argument(help: "The file to make.", completion: .file()) var file: String
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        // The server that does it may have another working directory.
        let path = URL(filePath: file).path
        try await taskflow.run(.backup(path: path), arguments)
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Verifies a backup and puts it in the place of the database.")

    @Argument(help: "The backup.", completion: .file()) var file: String
    @Flag(help: "Replace the database that is there; it is kept beside.") var force = false
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try arguments.settings(signs: false)
        printNotes(of: settings)
        guard case .sqlite(let path) = settings.database else {
            throw SettingsError("a file is restored into PostgreSQL with `taskflow transfer --from sqlite:\(file) --to …`")
        }
        let folder = try lockForRestore(settings)
        let contents = try await BackupFile(file).restore(to: path, force: force)
        print("restored \(path): \(contents)")
        withExtendedLifetime(folder) {}
    }

    private func lockForRestore(_ settings: Settings) throws -> DataFolder {
        do {
            return try DataFolder(settings.dataFolder, database: settings.database.fileFolder)
        } catch DataFolder.Problem.held(let path) {
            throw SettingsError("a server is running on \(path.wholePath): stop it, restore, start it again")
        }
    }
}
