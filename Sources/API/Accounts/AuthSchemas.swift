// How sessions and tokens look on the wire.
import Credentials
import Model
import Payloads
import Services
import Wire

enum AuthSchemas {
    /// How the refresh token travels.
    enum Transport: String, CaseIterable, Sendable { case body, cookie }

    private static let transport = Shape<Transport>.word(Transport.allCases.map { ($0.rawValue, $0) })
    private static let transportField = defaulted(
        "transport", transport, to: .body, "body: the refresh token is in the answer; cookie: it is only in an HttpOnly cookie.")

    struct Granted: Sendable {
        var grant: SessionGrant
        var transport: Transport
    }

    static let session = OutputSchema<Granted>("Session", uses: [AccountPayload.user]) {
        field("access_token", .text(1...4096), "A JWT for the Authorization header.", example: "eyJhbGciOiJFZERTQSJ9.e30.c2ln") {
            $0.grant.accessToken
        }
        field("token_type", .word([("Bearer", "Bearer")])) { _ in "Bearer" }
        field("expires_in", .count, "Seconds until the access token expires.", example: 900) { _ in
            Session.accessLifetime.wholeMicroseconds / 1_000_000
        }
        sometimes(
            "refresh_token", .text(1...200), "The token for POST /auth/refresh; it works once. Absent with transport cookie.",
            example: "h7kQ0q8x1bS3y2Vn5mJ4tA"
        ) {
            $0.transport == .body ? $0.grant.refreshToken : nil
        }
        field("user", AccountPayload.user.shape) { $0.grant.user }
    }

    struct Register: Sendable {
        var registration: Registration
        var transport: Transport
    }

    static let register = InputSchema<Register>(
        "Registration",
        { email, password, username, name, transport in
            Register(
                registration: .init(user: NewUser(email: email, username: username, name: name), password: password), transport: transport)
        }
    ) {
        required("email", AccountPayload.email, example: "ada@example.com")
        required("password", UserSchemas.password, example: "correct horse battery")
        optional("username", AccountPayload.username, example: "ada")
        optional("name", AccountPayload.name, example: "Ada Lovelace")
        transportField
    }

    struct Setup: Sendable {
        var token: String
        var register: Register
    }

    static let setup = InputSchema<Setup>(
        "Setup",
        { token, email, password, username, name, transport in
            Setup(
                token: token,
                register: Register(
                    registration: .init(user: NewUser(email: email, username: username, name: name), password: password),
                    transport: transport))
        }
    ) {
        required("token", .text(1...200), "The token from the link that the server prints at its first start.", example: "J2mZk0s7Qm1c8r5T")
        required("email", AccountPayload.email, example: "ada@example.com")
        required("password", UserSchemas.password, example: "correct horse battery")
        optional("username", AccountPayload.username)
        optional("name", AccountPayload.name)
        transportField
    }

    struct Login: Sendable {
        var identifier: Identifier
        var password: String
        var transport: Transport
    }

    static let login = InputSchema<Login>(
        "Login", example: ["email": "ada@example.com", "password": "correct horse battery"], Login.init
    ) {
        optional("email", .text(1...254), "Send exactly one of email, username and identifier.", example: "ada@example.com")
        optional("username", .text(1...64))
        optional("identifier", .text(1...254), "An e-mail address or a username.")
        required("password", anyPassword, example: "correct horse battery")
        transportField
    }

    /// A password as it is typed to be checked.
    static let anyPassword = Shape<String>.text(1...128).documented(("format", "password"))

    static let reauthentication = InputSchema<String>("Reauthentication", { $0 }) {
        required("password", anyPassword, example: "correct horse battery")
    }

    static let refresh = InputSchema<String?>("Refresh", { $0 }) {
        optional("refresh_token", .text(1...200), "Leave it out if the cookie contains the token.", example: "h7kQ0q8x1bS3y2Vn5mJ4tA")
    }

    static let logout = InputSchema<Bool>("Logout", { $0 }) {
        defaulted(
            "all", .flag, to: false,
            "Ends all your sessions and all other access to the account. You must have entered your password in this session within the "
                + "last 10 minutes.")
    }

    struct PasswordChange: Sendable {
        var current: String
        var new: String
    }

    static let passwordChange = InputSchema<PasswordChange>("PasswordChange", PasswordChange.init) {
        required("current_password", anyPassword, example: "correct horse battery staple")
        required("new_password", UserSchemas.password, example: "a new horse, a longer staple")
    }

    static let resetRequest = InputSchema<String>("PasswordResetRequest", { $0 }) {
        required("email", AccountPayload.email, example: "ada@example.com")
    }

    private static let mailedToken = Shape<String>.text(1...200)

    struct Reset: Sendable {
        var token: String
        var password: String
    }

    static let reset = InputSchema<Reset>("PasswordReset", Reset.init) {
        required("token", mailedToken, "The token from the link in the mail; it works once, for 30 minutes.", example: "J2mZk0s7Qm1c8r5T")
        required("new_password", UserSchemas.password, example: "a new horse, a longer staple")
    }

    static let verification = InputSchema<String>("EmailVerification", { $0 }) {
        required("token", mailedToken, "The token from the link in the mail; it works once, for seven days.", example: "J2mZk0s7Qm1c8r5T")
    }

    static let revert = InputSchema<String>("EmailRevert", { $0 }) {
        required(
            "token", mailedToken, "The token from the link in the mail to the old address; it works once, for seven days.",
            example: "J2mZk0s7Qm1c8r5T")
    }

    struct Listed: Sendable {
        var session: Session
        var isCurrent: Bool
    }

    private static let listedSession = OutputSchema<Listed>("SessionInfo") {
        field("id", .id(), example: 7) { $0.session.id }
        nullable("device", .text(0...200), "The user agent that logged in.", example: "curl/7.88.1") { $0.session.device }
        nullable("address", .text(0...64), "The network address of the login.", example: "192.0.2.7") { $0.session.address }
        field("created_at", .instant) { $0.session.createdAt }
        field("last_used_at", .instant, "The time of the last login or refresh.") { $0.session.lastUsedAt }
        field("expires_at", .instant, "The end of the session; a refresh does not extend it.") { $0.session.expiresAt }
        field("current", .flag, "Whether this is your current session.") { $0.isCurrent }
    }

    static let sessions = listedSession.all("Sessions")

    // MARK: Personal access tokens

    private static let scope = Shape<Scope>.word(Scope.allCases.map { ($0.rawValue, $0) })

    struct NewToken: Sendable {
        var name: String
        var scopes: [Scope]
        var expiresAt: Instant?
    }

    static let newToken = InputSchema<NewToken>("NewToken", NewToken.init) {
        required("name", .visible(1...100), example: "backup script")
        required("scopes", .list(scope, 1...3), example: ["tasks:read"])
        optional("expires_at", .instant, "The expiry; without it the token is valid until it is revoked.")
    }

    struct ShownToken: Sendable {
        var token: AccessToken
        var text: String?
    }

    static let token = OutputSchema<ShownToken>("Token") {
        field("id", .id(), example: 3) { $0.token.id }
        field("name", .text(1...100), example: "backup script") { $0.token.name }
        field("scopes", .list(scope, 1...3)) { $0.token.scopes }
        sometimes("token", .text(1...200), "The token; only in the answer that creates it, so store it now.", example: "tfp_…") { $0.text }
        field("created_at", .instant) { $0.token.createdAt }
        nullable("last_used_at", .instant, "The time of the last use, to the minute.") { $0.token.lastUsedAt }
        nullable("expires_at", .instant) { $0.token.expiresAt }
    }

    static let tokens = token.all("Tokens")

    // MARK: Keys

    struct Key: Sendable {
        var id: String
        var x: String
    }

    private static let key = OutputSchema<Key>("JWK") {
        field("kty", .word([("OKP", "OKP")])) { _ in "OKP" }
        field("crv", .word([("Ed25519", "Ed25519")])) { _ in "Ed25519" }
        field("alg", .word([("EdDSA", "EdDSA")])) { _ in "EdDSA" }
        field("use", .word([("sig", "sig")])) { _ in "sig" }
        field("kid", .text(1...64), example: "9f3a1c2b") { $0.id }
        field("x", .text(1...64), "The public key, base64url.", example: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") { $0.x }
    }

    static let keys = OutputSchema<[Key]>("JWKS", uses: [key]) {
        field("keys", .list(key.shape, 1...100), "The first key signs; the others are accepted.") { $0 }
    }
}

extension AuthSchemas.Login {
    @Sendable
    fileprivate init(
        email: String?, username: String?, identifier: String?, password: String, transport: AuthSchemas.Transport
    ) throws {
        let given = [email.map(Identifier.email), username.map(Identifier.username), identifier.map { Identifier($0) }].compactMap { $0 }
        guard let only = given.first, given.count == 1 else {
            throw Faults([Fault("", "give exactly one of email, username and identifier")])
        }
        self.init(identifier: only, password: password, transport: transport)
    }
}
