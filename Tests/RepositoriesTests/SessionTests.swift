// Logins, their refresh tokens, and personal access tokens.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

@Suite struct SessionTests {
    private let origin = Origin(requestID: "r", address: "192.0.2.1", userAgent: "Browser/1.0")

    private func start(_ store: TemporaryStore, _ user: ID<User> = ada, at now: Instant = noon) async throws -> Session {
        try await store.write { [origin] in try Sessions($0).insert(user: user, chainKey: [1, 2, 3], origin: origin, at: now) }
    }

    @Test("A session is read as it was begun, and ends after its lifetime")
    func roundTrip() async throws {
        let store = try await storeWithUsers()
        let session = try await start(store)
        let found = try #require(try await store.read { try Sessions($0).find(session.id) })
        #expect(found.userID == ada)
        #expect(found.createdAt == noon)
        #expect(found.lastUsedAt == noon)
        #expect(found.expiresAt == noon + Session.lifetime)
        #expect(found.revokedAt == nil)
        #expect(found.device == "Browser/1.0")
        #expect(found.address == "192.0.2.1")
        #expect(try await store.read { try Sessions($0).find(ID(404)) } == nil)
        let end = noon + Session.lifetime
        try await store.write { try Sessions($0).touch(session.id, at: end - .seconds(3600)) }
        #expect(try await store.read { try Sessions($0).live(of: ada, at: end - .milliseconds(1)) }.map(\.id) == [session.id])
        #expect(try await store.read { try Sessions($0).live(of: ada, at: end) }.isEmpty)
    }

    @Test("A long device name is cut, a missing one stays missing")
    func device() async throws {
        let store = try await storeWithUsers()
        let long = Origin(requestID: "r", userAgent: String(repeating: "x", count: 5000))
        let bare = Origin(requestID: "r")
        let sessions = try await store.write { tx in
            try [long, bare].map { try Sessions(tx).insert(user: ada, chainKey: [1], origin: $0, at: noon) }
        }
        #expect(try await store.read { try Sessions($0).find(sessions[0].id) }?.device?.count == 200)
        let found = try #require(try await store.read { try Sessions($0).find(sessions[1].id) })
        #expect(found.device == nil)
        #expect(found.address == nil)
    }

    @Test("One sees one's own live sessions, the newest first")
    func live() async throws {
        let store = try await storeWithUsers()
        let first = try await start(store)
        let second = try await start(store)
        let others = try await start(store, bob)
        #expect(try await store.read { try Sessions($0).live(of: ada, at: noon) }.map(\.id) == [second.id, first.id])
        try await store.write { try Sessions($0).touch(first.id, at: noon + .seconds(60)) }
        #expect(try await store.read { try Sessions($0).find(first.id) }?.lastUsedAt == noon + .seconds(60))
        #expect(try await store.write { try Sessions($0).revoke(second.id, at: noon + .seconds(1)) })
        #expect(try await !store.write { try Sessions($0).revoke(second.id, at: noon + .seconds(2)) })
        #expect(try await store.read { try Sessions($0).find(second.id) }?.revokedAt == noon + .seconds(1))
        #expect(try await store.read { try Sessions($0).live(of: ada, at: noon) }.map(\.id) == [first.id])
        #expect(try await store.read { try Sessions($0).live(of: bob, at: noon) }.map(\.id) == [others.id])
    }

    @Test("All sessions of one user are ended but the one that asks, and nobody else's")
    func revokeAll() async throws {
        let store = try await storeWithUsers()
        let mine = try await start(store)
        _ = try await start(store)
        let others = try await start(store, bob)
        try await store.write { try Sessions($0).revokeAll(of: ada, except: mine.id, at: noon) }
        #expect(try await store.read { try Sessions($0).live(of: ada, at: noon) }.map(\.id) == [mine.id])
        try await store.write { try Sessions($0).revokeAll(of: ada, at: noon) }
        #expect(try await store.read { try Sessions($0).live(of: ada, at: noon) }.isEmpty)
        #expect(try await store.read { try Sessions($0).live(of: bob, at: noon) }.map(\.id) == [others.id])
    }

    @Test("A refresh token is found by its hash with the key of its chain")
    func refreshTokens() async throws {
        let store = try await storeWithUsers()
        let session = try await start(store)
        #expect(try await store.read { try Sessions($0).newestGeneration(of: session.id) } == 0)
        try await store.write { tx in
            try Sessions(tx).insertRefreshToken(hash: [9], session: session.id, generation: 1, expiresAt: noon + .seconds(5))
            try Sessions(tx).insertRefreshToken(hash: [8], session: session.id, generation: 2, expiresAt: noon + .seconds(6))
        }
        let token = try #require(try await store.write { try Sessions($0).refreshToken(hash: [9]) })
        #expect(token.session == session.id)
        #expect(token.generation == 1)
        #expect(token.expiresAt == noon + .seconds(5))
        #expect(token.usedAt == nil)
        #expect(token.chainKey == [1, 2, 3])
        #expect(try await store.read { try Sessions($0).newestGeneration(of: session.id) } == 2)
        #expect(try await store.write { try Sessions($0).refreshToken(hash: [7]) } == nil)
        #expect(try await store.write { try Sessions($0).refreshToken(hash: []) } == nil)
    }

    @Test("Neither a hash nor a generation of a chain is given twice")
    func uniqueTokens() async throws {
        let store = try await storeWithUsers()
        let session = try await start(store)
        try await store.write { try Sessions($0).insertRefreshToken(hash: [1], session: session.id, generation: 1, expiresAt: noon) }
        for (hash, generation) in [([1], 2), ([2], 1)] as [([UInt8], Int64)] {
            await #expect {
                try await store.write {
                    try Sessions($0).insertRefreshToken(hash: hash, session: session.id, generation: generation, expiresAt: noon)
                }
            } throws: { error in
                if case StoreError.duplicate = error { true } else { false }
            }
        }
    }

    @Test("Of many who use one refresh token at once, exactly one is the first")
    func firstUse() async throws {
        let store = try await storeWithUsers()
        let session = try await start(store)
        try await store.write { try Sessions($0).insertRefreshToken(hash: [1], session: session.id, generation: 1, expiresAt: noon) }
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { try await store.write { try Sessions($0).use(refreshToken: [1], at: noon) } } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await store.write { try Sessions($0).refreshToken(hash: [1]) }?.usedAt == noon)
        #expect(try await !store.write { try Sessions($0).use(refreshToken: [2], at: noon) })
    }
}

@Suite struct AccessTokenTests {
    @Test("A token is read as it was made, by its hash and by its id")
    func roundTrip() async throws {
        let store = try await storeWithUsers()
        let token = try await store.write {
            try AccessTokens($0).insert(
                user: ada, name: "CI “main”", hash: [1, 2], scopes: [.tasksRead, .admin], expiresAt: noon + .seconds(9), at: noon)
        }
        for found in [
            try await store.read { try $0.first(AccessTokens.byHash([1, 2])) },
            try await store.read { try AccessTokens($0).find(token.id) },
        ] {
            #expect(found?.id == token.id)
            #expect(found?.userID == ada)
            #expect(found?.name == "CI “main”")
            #expect(found?.scopes == [.tasksRead, .admin])
            #expect(found?.createdAt == noon)
            #expect(found?.expiresAt == noon + .seconds(9))
            #expect(found?.lastUsedAt == nil)
        }
        #expect(try await store.read { try $0.first(AccessTokens.byHash([1])) } == nil)
        try await store.write { try AccessTokens($0).touch(token.id, at: noon + .seconds(3)) }
        #expect(try await store.read { try AccessTokens($0).find(token.id) }?.lastUsedAt == noon + .seconds(3))
    }

    @Test("Tokens are listed newest first and deleted one by one or all, nobody else's")
    func listAndDelete() async throws {
        let store = try await storeWithUsers()
        let tokens = try await store.write { tx in
            try (UInt8(0)..<4).map { number in
                try AccessTokens(tx).insert(
                    user: number == 3 ? bob : ada, name: "\(number)", hash: [number], scopes: [], expiresAt: nil, at: noon)
            }
        }
        func mine(_ user: ID<User> = ada) async throws -> [String] {
            try await store.read { try AccessTokens($0).list(of: user) }.map(\.name)
        }
        #expect(try await mine() == ["2", "1", "0"])
        #expect(try await store.write { try AccessTokens($0).delete(tokens[1].id) })
        #expect(try await !store.write { try AccessTokens($0).delete(tokens[1].id) })
        #expect(try await store.read { try $0.first(AccessTokens.byHash([1])) } == nil)
        #expect(try await mine() == ["2", "0"])
        try await store.write { try AccessTokens($0).deleteAll(of: ada) }
        #expect(try await mine() == [])
        #expect(try await mine(bob) == ["3"])
    }
}
