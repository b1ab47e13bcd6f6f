// Asks a server over its public API, with the stored login.
import Foundation
import Model
import Outbound
package import Wire

/// What the server refused, as its problem says it.
package struct RefusedRequest: Error, CustomStringConvertible {
    package let code: String
    package let description: String

    fileprivate init(_ answer: ServerAnswer, _ url: String) {
        let problem = try? JSON(parsing: answer.body, limits: ServerClient.limits)
        guard let problem, let code = problem["code"]?.stringValue else {
            self.code = ""
            description = "\(url) answered with the status \(answer.status), and not as a TaskFlow server does: check the address"
            return
        }
        self.code = code
        // A single fault is the detail already.
        let places = problem["errors"]?.elements ?? []
        let faults = places.count < 2 ? [] : places.map { "  \($0["pointer"]?.stringValue ?? ""): \($0["detail"]?.stringValue ?? "")" }
        description = (["\(code): \(problem["detail"]?.stringValue ?? "")"] + faults).map(TextTable.harmless).joined(separator: "\n")
    }
}

package struct ServerClient: Sendable {
    fileprivate static let limits = JSONLimits(depth: 64, values: 10_000_000, isStreamSafe: false)
    /// Rows of a page.
    private static let pageSize = 100

    private static let loopback = IPNetwork.list("127.0.0.0/8,::1") ?? []

    private let file: LoginFile

    package init(_ file: LoginFile) { self.file = file }

    // MARK: Log-in

    /// Logs in and keeps the session; one that was kept before ends.
    /// - Parameter url: of the server, such as `https://tasks.example.com`.
    /// - Returns: the e-mail address of the account.
    package static func logIn(_ url: String, as identifier: String, password: String, keepingIn file: LoginFile) async throws -> String {
        let url = try address(url)
        let session = try await send(
            "POST", url, "/api/v1/auth/login", nil, ["identifier": .string(identifier), "password": .string(password)])
        let email = session["user"]?["email"]?.stringValue ?? identifier
        if let earlier = file.current { try? await end(earlier) }
        try file.write(try login(session, url, email))
        return email
    }

    /// The address without what people copy along with it.
    /// - Throws: `ClientError`.
    package static func address(_ text: String) throws -> String {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        guard let url = WebhookURL(text), !text.contains("?"), !text.contains("#") else {
            throw ClientError("“\(text)” is not the address of a server: it looks like https://tasks.example.com")
        }
        return url.text
    }

    /// Whether a password would go to another machine in clear.
    package static func isReadable(_ address: String) -> Bool {
        WebhookURL(address).map { url in
            !url.isSecure && !url.literalAddresses.contains { address in loopback.contains { $0.contains(address) } }
        } ?? true
    }

    private static func login(_ session: JSON, _ url: String, _ email: String) throws -> StoredLogin {
        guard let access = session["access_token"]?.stringValue, let refresh = session["refresh_token"]?.stringValue else {
            throw ClientError("\(url) did not answer as a TaskFlow server does: check the address")
        }
        return StoredLogin(url: url, email: email, accessToken: access, refreshToken: refresh)
    }

    /// Ends the session at the server and forgets it here, even when the server cannot be reached.
    /// - Returns: where it was.
    package func logOut() async throws -> String {
        let login = try file.read()
        try file.remove()
        do {
            try await Self.end(login)
        } catch let error as ClientError {
            throw ClientError("the login is forgotten here, but the session goes on at the server: \(error)")
        }
        return login.url
    }

    private static func end(_ login: StoredLogin) async throws {
        var login = login
        do {
            try await send("POST", login.url, "/api/v1/auth/logout", login.accessToken, [:])
        } catch is RefusedRequest {
            // The access token has ended; the session may go on.
            guard let renewed = try? await renewed(login) else { return }
            login = renewed
            try await send("POST", login.url, "/api/v1/auth/logout", login.accessToken, [:])
        }
    }

    private static func renewed(_ login: StoredLogin) async throws -> StoredLogin {
        let session = try await send("POST", login.url, "/api/v1/auth/refresh", nil, ["refresh_token": .string(login.refreshToken)])
        return try self.login(session, login.url, login.email)
    }

    // MARK: Requests

    /// - Parameter path: below `/api/v1`, with its query.
    /// - Returns: the body of the answer; `null` when it has none.
    /// - Throws: `ClientError`, `RefusedRequest`.
    @discardableResult
    package func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        let login = try file.read()
        do {
            return try await Self.send(method, login.url, "/api/v1" + path, login.accessToken, body)
        } catch let refusal as RefusedRequest where ["token_expired", "invalid_token"].contains(refusal.code) {
            let renewed = try await renew(login)
            return try await Self.send(method, renewed.url, "/api/v1" + path, renewed.accessToken, body)
        }
    }

    /// Another command may have been faster.
    private func renew(_ used: StoredLogin) async throws -> StoredLogin {
        try await file.alone {
            let login = try file.read()
            guard login == used else { return login }
            do {
                let renewed = try await Self.renewed(login)
                try file.write(renewed)
                return renewed
            } catch is RefusedRequest {
                throw ClientError("your session at \(login.url) has ended: run `taskflow login \(login.url)` again")
            }
        }
    }

    /// The first rows of a list that comes in pages.
    /// - Parameters:
    ///   - query: names and values.
    ///   - count: how many rows at most.
    package func list(_ path: String, _ query: [(String, String)] = [], upTo count: Int) async throws -> [JSON] {
        var rows: [JSON] = []
        var cursor: String?
        repeat {
            var query = query + [("limit", "\(min(Self.pageSize, count - rows.count))")]
            if let cursor { query.append(("cursor", cursor)) }
            let page = try await send("GET", path + "?" + query.map { "\($0)=\(Self.escaped($1))" }.joined(separator: "&"))
            rows += page["data"]?.elements ?? []
            cursor = page["meta"]?["next_cursor"]?.stringValue
        } while cursor != nil && rows.count < count
        return rows
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-._~".utf8.contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    @discardableResult
    private static func send(_ method: String, _ url: String, _ path: String, _ token: String?, _ body: JSON?) async throws -> JSON {
        var fields = [("Accept", "application/json")]
        if let token { fields.append(("Authorization", "Bearer \(token)")) }
        if body != nil { fields.append(("Content-Type", "application/json")) }
        let bytes = body.map { Array($0.text.utf8) } ?? (method == "POST" ? [] : nil)
        let answer: ServerAnswer
        do {
            answer = try await ServerRequest.send(method, url + path, fields, body: bytes)
        } catch let error as TransferError {
            throw ClientError("no answer from \(url): \(error.reason). Is the address right, and does the server run?")
        }
        guard 200..<300 ~= answer.status else { throw RefusedRequest(answer, url) }
        if answer.body.isEmpty { return .null }
        guard let json = try? JSON(parsing: answer.body, limits: limits) else {
            throw ClientError("\(url) did not answer as a TaskFlow server does: check the address")
        }
        return json
    }
}
