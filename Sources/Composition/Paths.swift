// What is asked of paths, as texts.
import Foundation

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }

    /// The path from the root, for messages: a relative one says nothing to somebody who does not know the working directory.
    package var wholePath: String { URL(filePath: self).standardizedFileURL.path }

    /// The folder of the file with this path. Not by Foundation, which ends the process for a name of one letter.
    var folderAbove: String {
        guard let slash = lastIndex(of: "/") else { return self == "." ? self : "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}
