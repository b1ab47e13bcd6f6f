// Tasks to files of this machine, as the command line asks for them.
import API
import Foundation
import Model
import Services

struct TaskFiles: Sendable {
    private let installation: Installation

    init(_ installation: Installation) { self.installation = installation }

    /// Writes what that account owns or is assigned.
    func export(for user: User, as format: String, to path: String) async throws -> AdminReply {
        guard let format = ExportFormat(rawValue: format.lowercased()) else {
            return AdminReply(error: "a format is one of \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")), not “\(format)”")
        }
        guard !FileManager.default.fileExists(atPath: path) else { return AdminReply(error: "\(path) exists already") }
        let stream = try await installation.rooms.tasks.export(TaskSelection(.mine), as: format.file, asSeenBy: user)
        // Written beside and renamed: a file under that name is whole.
        let unfinished = path + ".unfinished"
        try? FileManager.default.removeItem(atPath: unfinished)
        guard FileManager.default.createFile(atPath: unfinished, contents: nil), let file = FileHandle(forWritingAtPath: unfinished) else {
            return AdminReply(error: "\(path) cannot be written")
        }
        do {
            try await stream.write { try file.write(contentsOf: $0) }
            try file.synchronize()
            try file.close()
            try FileManager.default.moveItem(atPath: unfinished, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw error
        }
        return AdminReply(lines: ["exported the tasks of \(user.email) to \(path)"])
    }
}
