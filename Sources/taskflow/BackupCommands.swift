// Commands that copy a whole installation out and in.
import ArgumentParser
import Composition
import Foundation

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copies the database to a file, while the server runs or not.",
        discussion: "For a timer: `taskflow backup --to /var/backups/taskflow --keep 14` names each backup by its time.")

    @Argument(help: "The file to make.", completion: .file()) var file: String?
    @ArgumentParser.Option(
        help: "A folder; the file in it is named by the time, such as taskflow-20261128-023000.sqlite.", completion: .directory)
    var to: String?
    @ArgumentParser.Option(help: "With --to: how many of these backups stay. Older ones are removed when the new one is verified.")
    var keep: Int?
    @OptionGroup var arguments: SettingsArguments

    func validate() throws {
        if (file == nil) == (to == nil) { throw ValidationError("name either the file to make, or its folder with --to") }
        if let keep, to == nil || keep < 1 { throw ValidationError("--keep takes a number from 1, and goes with --to") }
    }

    func run() async throws {
        // The server that does it may have another working directory.
        let path = file.map { URL(filePath: $0).path } ?? BackupFile.path(in: URL(filePath: to ?? ".").path, now: .now)
        try await taskflow.run(.backup(path: path, keep: keep), arguments)
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verifies a backup and puts it in the place of the database.",
        discussion: "`taskflow restore --check FILE` restores it into a copy, upgrades that, and touches nothing else.")

    @Argument(help: "The backup.", completion: .file()) var file: String
    @Flag(help: "Replace the database that is there; it is kept beside.") var force = false
    @Flag(help: "Only rehearse: nothing is changed.") var check = false
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        if check {
            let (contents, schema) = try await BackupFile(file).rehearse()
            let upgrade = contents.schema == schema ? "" : "; the restored database would be upgraded to schema version \(schema)"
            return print("\(file) can be restored: \(contents)\(upgrade)")
        }
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
