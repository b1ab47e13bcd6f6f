// One transfer of libcurl, from its options to its answer, on a thread of its own: libcurl blocks.
import CCurl
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why nothing, or nothing whole, went over the wire.
package struct TransferError: Error, Equatable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}

final class CurlTransfer {
    /// What came back.
    private(set) var received: [UInt8] = []
    /// What is still to be sent.
    private var unsent: ArraySlice<UInt8> = []
    /// The end of what is sent was asked for.
    private var isWhole = false
    private let handle: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let receiveLimit: Int
    private var isFull = false
    private var addressGuard: AddressGuard?

    /// Must be called once before any other function, and is not safe to call twice at a time.
    private static let isReady = {
        // With CURLOPT_NOSIGNAL libcurl leaves this signal alone, and OpenSSL writes to connections that the other side has closed.
        // The program ignores it from its start; whatever else uses this room must not be ended by it either.
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    }()

    /// Configures a transfer and performs it.
    /// - Parameter receiveLimit: bytes of an answer that are taken.
    /// - Throws: `TransferError`.
    static func run<Value: Sendable>(
        receiveLimit: Int = 64 << 10, _ body: @escaping @Sendable (CurlTransfer) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try body(try CurlTransfer(receiveLimit: receiveLimit)) })
            }
        }
    }

    private init(receiveLimit: Int) throws {
        guard Self.isReady, let handle = curl_easy_init() else { throw TransferError("libcurl cannot be used") }
        self.handle = handle
        self.receiveLimit = receiveLimit
        // Without signals: they would meet any thread.
        try set(CURLOPT_NOSIGNAL, 1)
        // A resolver that hangs is left behind, not waited for.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        let me = Unmanaged.passUnretained(self).toOpaque()
        try check(taskflow_curl_set_pointer(handle, CURLOPT_WRITEDATA, me))
        try check(
            taskflow_curl_set_data(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
                guard let bytes, let me else { return 0 }
                return Unmanaged<CurlTransfer>.fromOpaque(me).takeUnretainedValue().receive(bytes, size * count)
            })
    }

    deinit {
        curl_easy_cleanup(handle)
        for list in lists { curl_slist_free_all(list) }
    }

    private func receive(_ bytes: UnsafePointer<CChar>, _ count: Int) -> Int {
        let room = receiveLimit - received.count
        let taken = min(count, room)
        bytes.withMemoryRebound(to: UInt8.self, capacity: taken) {
            received.append(contentsOf: UnsafeBufferPointer(start: $0, count: taken))
        }
        isFull = taken < count
        // Less than all ends the transfer: whoever sends so much is not listened to any longer.
        return taken
    }

    func set(_ option: CURLoption, _ value: Int) throws { try check(taskflow_curl_set_number(handle, option, value)) }
    func set(_ option: CURLoption, _ value: String) throws { try check(taskflow_curl_set_text(handle, option, value)) }

    /// Lines for an option that takes a list, such as header fields or recipients.
    func set(_ option: CURLoption, _ lines: [String]) throws {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else { throw TransferError("out of memory") }
            list = longer
        }
        guard let list else { return }
        lists.append(list)
        try check(taskflow_curl_set_pointer(handle, option, list))
    }

    /// The body of a POST, as it is.
    func post(_ body: [UInt8]) throws {
        try set(CURLOPT_POSTFIELDSIZE, body.count)
        // Copied by libcurl: after the size, which tells it how much.
        try body.withUnsafeBytes { bytes in
            try check(taskflow_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress)))
        }
    }

    /// What an upload sends.
    func prepareUpload(_ body: [UInt8]) throws {
        unsent = body[...]
        try set(CURLOPT_UPLOAD, 1)
        try set(CURLOPT_INFILESIZE, body.count)
        try check(taskflow_curl_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque()))
        try check(
            taskflow_curl_set_data(handle, CURLOPT_READFUNCTION) { bytes, size, count, me in
                guard let bytes, let me else { return 0 }
                return Unmanaged<CurlTransfer>.fromOpaque(me).takeUnretainedValue().send(bytes, size * count)
            })
    }

    private func send(_ bytes: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
        let piece = unsent.prefix(room)
        piece.withUnsafeBytes { source in
            if let start = source.baseAddress { memcpy(bytes, start, piece.count) }
        }
        unsent = unsent.dropFirst(piece.count)
        // With the size known, libcurl may not ask for an end.
        isWhole = unsent.isEmpty
        return piece.count
    }

    /// Connects to addresses only that the guard lets through: each one is looked at when it is about to be used, so that a name that
    /// means something else a moment later is of no use.
    func restrict(by addressGuard: AddressGuard) throws {
        self.addressGuard = addressGuard
        try check(taskflow_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, Unmanaged.passUnretained(addressGuard).toOpaque()))
        try check(
            taskflow_curl_set_socket(handle) { addressGuard, purpose, address in
                guard let addressGuard, let address, purpose == CURLSOCKTYPE_IPCXN,
                    Unmanaged<AddressGuard>.fromOpaque(addressGuard).takeUnretainedValue().permits(address)
                else { return CURL_SOCKET_BAD }
                return socket(address.pointee.family, address.pointee.socktype, address.pointee.protocol)
            })
    }

    /// - Returns: the status that the other side answered with.
    /// - Throws: `TransferError`.
    func perform() throws -> Int {
        let code = curl_easy_perform(handle)
        guard code == CURLE_OK || (code == CURLE_WRITE_ERROR && isFull) else {
            // The same for a name that is not there and for one of the inside, so that nobody finds out in this way what the network has.
            let isNowhere = addressGuard.map { $0.hasRefused || code == CURLE_COULDNT_RESOLVE_HOST } ?? false
            throw isNowhere ? TransferError("The host has no public address.") : Self.error(code)
        }
        var status = 0
        try check(taskflow_curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status))
        return status
    }

    /// How an upload ended.
    struct Upload {
        /// `nil` when all went well.
        let error: String?
        /// The last answer of the other side.
        let status: Int
        /// Everything was handed to libcurl; before that the other side cannot have it all.
        let isWhole: Bool
        let isLoginDenied: Bool
    }

    func upload() -> Upload {
        let code = curl_easy_perform(handle)
        var status = 0
        _ = taskflow_curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status)
        let error = code == CURLE_OK ? nil : String(cString: curl_easy_strerror(code))
        return Upload(error: error, status: status, isWhole: isWhole, isLoginDenied: code == CURLE_LOGIN_DENIED)
    }

    private func check(_ code: CURLcode) throws { if code != CURLE_OK { throw Self.error(code) } }

    /// Whether more was sent than is taken.
    var isCut: Bool { isFull }

    private static func error(_ code: CURLcode) -> TransferError { TransferError(String(cString: curl_easy_strerror(code))) }
}
