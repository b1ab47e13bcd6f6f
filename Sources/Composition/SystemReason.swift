// Why the system refused something, in words, and what helps.
import Foundation

/// A number of `errno`.
struct SystemReason: CustomStringConvertible {
    private let code: Int32

    init(_ code: Int32) { self.code = code }

    var description: String {
        switch code {
        case EACCES, EPERM: "the user \(NSUserName()) has no right to it; change its owner or its mode, or name another place"
        case EROFS: "the file system is read-only; mount it for writing, or name another place"
        case ENOSPC, EDQUOT: "the disk is full; make room, or name another place"
        case ENOTDIR, EEXIST: "a part of its path is a file and not a folder; name another place"
        case ENOENT: "there is no such folder; make it, or name another place"
        case ENAMETOOLONG: "the path is too long; name another place"
        case EMFILE, ENFILE: "too many files are open; raise the limit (ulimit -n)"
        default: String(cString: strerror(code)).lowercased()
        }
    }
}
