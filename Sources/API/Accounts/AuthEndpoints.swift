// Registration, login, sessions, passwords and tokens over HTTP.
import ChangeLedger
import Credentials
import HTTPTypes
import Model
import Payloads
import Services
import Wire

typealias HTTPMethod = HTTPRequest.Method

struct AuthEndpoints {
    let auth: AuthService
    let recovery: AccountRecovery
    let setup: SetupService
    let limiter: CredentialLimiter
    let keys: SigningKeys
    let clock: WallClock

    private static let path = "/api/v1/auth"

    private static func session(_ status: SessionStatus, _ description: String) -> Success<AuthSchemas.Granted> {
        let success: Success<AuthSchemas.Granted> =
            switch status {
            case .created: .created(AuthSchemas.session, description) { "/api/v1/users/\($0.grant.user.id)" }
            case .ok: .ok(AuthSchemas.session, description)
            }
        return success.adding(["Set-Cookie"]) { granted, exchange in
            let (grant, isSecure) = (granted.grant, exchange.visitor.isSecure)
            var cookies: [Answer.Header] = []
            if granted.transport == .cookie {
                cookies.append(RefreshCookie(isSecure: isSecure).set(grant.refreshToken, seconds: grant.refreshSeconds))
            }
            // Programs that are no browsers have no use for it.
            if let device = grant.device, granted.transport == .cookie || exchange.visitor.isBrowser {
                cookies.append(DeviceCookie(isSecure: isSecure).set(device))
            }
            return cookies
        }
    }

    private enum SessionStatus { case ok, created }

    var register: Endpoint {
        .change(
            .register, .post, "\(Self.path)/register", "Create an account and log in", tag: .authentication, for: .anyone,
            .body(AuthSchemas.register), gives: Self.session(.created, "The session of the new account."), fails: [409],
            isCredentialCheck: true
        ) { visitor, body in
            let user = body.registration.user
            let names = [Identifier.email(user.email)] + (user.username.map { [.username($0)] } ?? [])
            var guesses: Set<Guess> = []
            for name in names { guesses.insert(try await auth.guess(at: name, from: visitor.origin)) }
            for guess in guesses { try limiter.take(guess) }
            return try await auth.register(body.registration, from: visitor.origin).granted(body.transport)
        }
    }

    var login: Endpoint {
        .change(
            .login, .post, "\(Self.path)/login", "Log in", tag: .authentication, for: .anyone, .body(AuthSchemas.login),
            gives: Self.session(.ok, "A new session."), fails: [401, 403], isCredentialCheck: true, countsDevices: true
        ) { visitor, body in
            let guess = try await auth.guess(at: body.identifier, from: visitor.origin)
            // The mark of a device is worth something at its own account only.
            if visitor.origin.device != nil, !guess.isKnown { try limiter.take(from: visitor.origin) }
            try limiter.take(guess)
            return try await auth.login(body.identifier, password: body.password, from: visitor.origin).granted(body.transport)
        }
    }

    var setUp: Endpoint {
        .change(
            .setUp, .post, "/api/v1/setup", "Create the first admin of an empty installation", tag: .authentication, for: .anyone,
            .body(AuthSchemas.setup), gives: Self.session(.created, "The session of the first admin."), fails: [401, 409],
            isCredentialCheck: true
        ) { visitor, body in
            try await setup.claim(body.token, body.register.registration, from: visitor.origin).granted(body.register.transport)
        }
    }

    var refresh: Endpoint {
        .change(
            .refresh, .post, "\(Self.path)/refresh", "Get a new access token", tag: .authentication, for: .cookieHolder,
            .optionalBody(AuthSchemas.refresh), gives: Self.session(.ok, "The session, with new tokens."), fails: [401, 403]
        ) { visitor, token in
            if let token { return auth.refresh(token, from: visitor.origin).granted(.body) }
            return auth.refresh(try visitor.requireCookie(), from: visitor.origin).granted(.cookie)
        }
    }

    var logout: Endpoint {
        .change(
            .logout, .post, "\(Self.path)/logout", "Log out", tag: .authentication, for: .leaver, .query(AuthSchemas.logout),
            gives: .noContent(
                "The session has ended. With all=true all other access to the account ends, too: \(Self.whatEnds)"
            ).adding(["Set-Cookie"]) { _, exchange in
                guard exchange.visitor.cookieToken != nil else { return [] }
                // Not with Clear-Site-Data: the device is to be known when its owner comes back.
                return [RefreshCookie(isSecure: exchange.visitor.isSecure).set("", seconds: 0)]
            }, fails: [401, 403]
        ) { visitor, everywhere in
            let departure: AuthService.Departure =
                if let bearer = visitor.bearer { .accessToken(bearer) } else { .refreshToken(try visitor.requireCookie()) }
            return try await auth.logout(departure, everywhere: everywhere, from: visitor.origin)
        }
    }

    var sessions: Endpoint {
        .read(
            .listSessions, "\(Self.path)/sessions", "List your sessions", tag: .authentication, for: .session,
            gives: .ok(AuthSchemas.sessions, "Your sessions, the newest first.")
        ) { actor in
            try await auth.sessions(of: actor, at: clock.now()).map { .init(session: $0, isCurrent: $0.id == actor.sessionID) }
        }
    }

    var endSession: Endpoint {
        .change(
            .endSession, .delete, "\(Self.path)/sessions/{id}", "End one of your sessions", tag: .authentication, for: .recentSession,
            .path("id", .id(Session.self)), gives: .noContent("The session has ended.")
        ) { auth.endSession($1, by: $0) }
    }

    var reauthenticate: Endpoint {
        .change(
            .reauthenticate, .post, "\(Self.path)/reauthenticate", "Enter your password again", tag: .authentication, for: .session,
            .body(AuthSchemas.reauthentication),
            gives: .noContent(
                "For 10 minutes this session may use operations that need a recently entered password. Refreshing does not extend that "
                    + "time.")
        ) { actor, password in
            try limiter.take(Guess(by: actor))
            return try await auth.reauthenticate(with: password, by: actor)
        }
    }

    /// What ends with the access to an account.
    private static let whatEnds =
        "sessions, personal access tokens, mailed links, an unconfirmed new address, queued and running imports, reports and replays, and "
        + "files to download. Webhooks stop; their owner can start them again."

    var changePassword: Endpoint {
        .change(
            .changePassword, .post, "\(Self.path)/password", "Change your password", tag: .authentication, for: .session,
            .body(AuthSchemas.passwordChange),
            gives: .noContent("The password is changed. This session stays active. All other access to the account ends: \(Self.whatEnds)")
        ) { actor, body in
            try limiter.take(Guess(by: actor))
            return try await auth.changePassword(from: body.current, to: body.new, by: actor)
        }
    }

    // MARK: By mail

    var requestReset: Endpoint {
        .change(
            .requestPasswordReset, .post, "\(Self.path)/password-reset", "Request a mail to reset your password",
            tag: .authentication, for: .anyone, .body(AuthSchemas.resetRequest),
            gives: .taken(
                "The request is accepted. If there is such an account, the server sends a mail with a link. The answer does not show "
                    + "whether it exists."),
            isCredentialCheck: true
        ) { visitor, email in
            try limiter.take(try await auth.guess(at: .email(email), from: visitor.origin))
            return recovery.requestReset(email, from: visitor.origin)
        }
    }

    var reset: Endpoint {
        .change(
            .resetPassword, .post, "\(Self.path)/password-reset/confirm", "Choose a new password with the token of the mail",
            tag: .authentication, for: .anyone, .body(AuthSchemas.reset),
            gives: .noContent(
                "The password is changed. All access to the account ends: \(Self.whatEnds) Webhooks of an account whose address was never "
                    + "confirmed are deleted."), isCredentialCheck: true
        ) { try await recovery.reset($1.token, to: $1.password, from: $0.origin) }
    }

    var verifyEmail: Endpoint {
        .change(
            .verifyEmail, .post, "\(Self.path)/verify-email", "Confirm your address with the token of the mail",
            tag: .authentication, for: .anyone, .body(AuthSchemas.verification),
            gives: .noContent(
                "The address is verified. A new address is now the address of the account."), fails: [409], isCredentialCheck: true
        ) { recovery.verify($1, from: $0.origin) }
    }

    var revertEmail: Endpoint {
        .change(
            .revertEmail, .post, "\(Self.path)/revert-email", "Restore an old address with the token of the mail",
            tag: .authentication, for: .anyone, .body(AuthSchemas.revert),
            gives: .noContent(
                "The account has its old address again, and a mail to it lets the owner choose a new password. The old password does not "
                    + "work any more. All access to the account ends: \(Self.whatEnds)"), fails: [409], isCredentialCheck: true
        ) { recovery.revertAddress($1, from: $0.origin) }
    }

    var resendVerification: Endpoint {
        .change(
            .resendVerification, .post, "\(Self.path)/verify-email/resend", "Request another mail to confirm your address",
            tag: .authentication, for: .session, gives: .taken("The server sends a mail if an address is not confirmed yet.")
        ) { recovery.resendVerification(to: $0) }
    }

    // MARK: Personal access tokens

    var tokens: Endpoint {
        .read(
            .listTokens, "\(Self.path)/tokens", "List personal access tokens", tag: .authentication, for: .session,
            gives: .ok(AuthSchemas.tokens, "Your tokens, the newest first.")
        ) { try await auth.tokens(of: $0).map { .init(token: $0, text: nil) } }
    }

    var createToken: Endpoint {
        .change(
            .createToken, .post, "\(Self.path)/tokens", "Create a personal access token", tag: .authentication, for: .recentSession,
            .body(AuthSchemas.newToken),
            gives: .created(AuthSchemas.token, "The token; it is shown only now.") { "\(Self.path)/tokens/\($0.token.id)" }
                .withSecret()
        ) { actor, new in
            auth.createToken(name: new.name, scopes: new.scopes, expiresAt: new.expiresAt, by: actor)
                .map { AuthSchemas.ShownToken(token: $0.token, text: $0.text) }
        }
    }

    var revokeToken: Endpoint {
        .change(
            .revokeToken, .delete, "\(Self.path)/tokens/{id}", "Revoke a personal access token", tag: .authentication, for: .session,
            .path("id", .id(AccessToken.self)), gives: .noContent("The token is revoked.")
        ) { auth.revokeToken($1, by: $0) }
    }

    var publicKeys: Endpoint {
        .read(
            .getKeys, "/.well-known/jwks.json", "Get the public keys of access tokens", tag: .authentication, for: .anyone,
            gives: .ok(AuthSchemas.keys, "The keys (RFC 7517): during a rotation the old and the new key."), isUnlimited: true
        ) { _ in keys.publicKeys.map { .init(id: $0.id, x: $0.x) } }
    }
}

extension Change where Out == SessionGrant {
    fileprivate func granted(_ transport: AuthSchemas.Transport) -> Change<AuthSchemas.Granted> {
        map { .init(grant: $0, transport: transport) }
    }
}

extension Visitor {
    /// - Throws: `Failure` when there is no cookie.
    fileprivate func requireCookie() throws(Failure) -> String {
        guard let cookieToken else { throw .unauthenticated(.missing) }
        return cookieToken
    }
}
