// The program of `make fuzz`: libFuzzer, with the target that the environment names.
import Foundation

enum Target {
    /// Each takes any bytes, and ends the program when what must hold does not. The names are those of the folders of seeds.
    private static let all: [String: @Sendable (ArraySlice<UInt8>) -> Void] = [
        "csv": fuzzCSV, "tasks": fuzzTaskFile, "multipart": fuzzMultipart, "json": fuzzJSON, "body": fuzzBody, "query": fuzzQuery,
        "cursor": fuzzCursor,
        "if-match": fuzzIfMatch, "webhook-url": fuzzWebhookURL, "address": fuzzAddress, "head": fuzzHead, "chunked": fuzzChunked,
    ]

    static let chosen = {
        guard let chosen = all[ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""] else {
            fatalError("FUZZ_TARGET is one of \(all.keys.sorted())")
        }
        return chosen
    }()
}

func require(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition { fatalError(what()) }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Target.chosen(Array(UnsafeBufferPointer(start: bytes, count: count))[...])
    return 0
}

/// libFuzzer's own `main` gives way to that of Swift.
@_silgen_name("LLVMFuzzerRunDriver")
private func fuzz(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(fuzz(&count, &arguments, test))
