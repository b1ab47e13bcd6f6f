// Files as tests look at them.
import Foundation

/// The bytes of a file as Latin-1 text, so that any ASCII text in it can be searched for; nil when there is no file.
package func contents(of path: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return String(data: try Data(contentsOf: URL(filePath: path)), encoding: .isoLatin1)
}
