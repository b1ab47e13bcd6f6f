// Accounts: found by their names whatever the case, and never two of one name.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

@Suite struct UserTests {
    @Test("An account is read as it was written")
    func roundTrip() async throws {
        let store = try await migratedStore()
        let new = NewUser(
            email: "Ada@Example.com", username: "Ada", name: "Ada “Countess” Lovelace 👩‍💻", role: .admin, isActive: false,
            timeZone: "Europe/London")
        let user = try await store.write { try Users($0).insert(new, passwordHash: "secret", at: noon) }
        #expect(try await store.read { try Users($0).find(user.id) } == user)
        #expect(user.email == "Ada@Example.com")
        #expect(user.role == .admin)
        #expect(!user.isActive)
        #expect(user.version == 1)
        #expect(user.createdAt == noon)
        #expect(try await store.read { try Users($0).passwordHash(of: user.id) } == "secret")
        #expect(try await store.read { try Users($0).passwordHash(of: ID(404)) } == nil)
    }

    @Test("An account is found by its address and username in any case")
    func anyCase() async throws {
        let store = try await migratedStore()
        let user = try await store.write {
            try Users($0).insert(NewUser(email: "Ada@Example.com", username: "Ada"), passwordHash: nil, at: noon)
        }
        for email in ["ada@example.com", "ADA@EXAMPLE.COM", "Ada@Example.com"] {
            #expect(try await store.read { try Users($0).find(email: email) } == user)
        }
        #expect(try await store.read { try Users($0).find(username: "aDA") } == user)
        #expect(try await store.read { try Users($0).find(email: "ada") } == nil)
        #expect(try await store.read { try Users($0).find(username: "ada%") } == nil)
    }

    @Test(
        "A name is given once, whatever its case and composition",
        arguments: [("ÉMILE", "e\u{301}mile"), ("STRASSE", "straße"), ("ada", "ADA")])
    func unique(_ first: String, _ second: String) async throws {
        let store = try await migratedStore()
        try await store.write { _ = try Users($0).insert(NewUser(email: "\(first)@a.de", username: first), passwordHash: nil, at: noon) }
        await #expect(throws: Failure.conflict(.emailTaken)) {
            try await store.write { try Users($0).insert(NewUser(email: "\(second)@A.DE"), passwordHash: nil, at: noon) }
        }
        await #expect(throws: Failure.conflict(.usernameTaken)) {
            try await store.write { try Users($0).insert(NewUser(email: "other@a.de", username: second), passwordHash: nil, at: noon) }
        }
        #expect(try await store.read { try Users($0).count(.init()) } == 1)
    }

    @Test("Accounts without a username do not stand in each other's way")
    func noUsername() async throws {
        let store = try await migratedStore()
        try await store.write { tx in
            for number in 0..<3 { _ = try Users(tx).insert(NewUser(email: "u\(number)@a.de"), passwordHash: nil, at: noon) }
        }
        #expect(try await store.read { try Users($0).count(.init()) } == 3)
    }

    @Test("Of two people who ask for one name at the same time, one gets it")
    func race() async throws {
        let store = try await migratedStore()
        let winners = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let new = NewUser(email: "u\(number)@a.de", username: number % 2 == 0 ? "ada" : "ADA")
                    return (try? await store.write { try Users($0).insert(new, passwordHash: nil, at: noon) }) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test("An account may take its own names in another case, and nobody else's")
    func rename() async throws {
        let store = try await storeWithUsers(2)
        let old = try #require(try await store.read { try Users($0).find(ada) })
        var new = old
        new.email = "U1@Example.com"
        new.username = "USER1"
        let changed = try await store.write { [new] in try Users($0).update(old, to: new, at: noon + .seconds(5)) }
        #expect(changed?.email == "U1@Example.com")
        #expect(changed?.version == 2)
        #expect(changed?.updatedAt == noon + .seconds(5))
        #expect(try await store.read { try Users($0).find(ada) } == changed)
        let current = try #require(changed)
        for taken in [UserChanges(email: "U2@EXAMPLE.COM"), UserChanges(username: "User2")] {
            await #expect(throws: Failure.self) {
                try await store.write { try Users($0).update(current, to: current.applying(taken, isAddressVouchedFor: true), at: noon) }
            }
        }
        #expect(try await store.read { try Users($0).find(ada) } == changed)
    }

    @Test("A change made of an old version is not written over a newer one")
    func stale() async throws {
        let store = try await storeWithUsers(1)
        let old = try #require(try await store.read { try Users($0).find(ada) })
        let first = try await store.write { try Users($0).update(old, to: old.applying(.init(name: "first")), at: noon) }
        #expect(first != nil)
        #expect(try await store.write { try Users($0).update(old, to: old.applying(.init(name: "second")), at: noon) } == nil)
        #expect(try await store.read { try Users($0).find(ada)?.name } == "first")
    }

    @Test("A password is replaced, or its hash upgraded without a trace")
    func passwords() async throws {
        let store = try await storeWithUsers(1)
        try await store.write { try Users($0).setPasswordHash("new", of: ada, at: noon + .seconds(1)) }
        #expect(try await store.read { try Users($0).find(ada)?.version } == 2)
        try await store.write { try Users($0).upgradePasswordHash(from: "old", to: "wrong", of: ada) }
        #expect(try await store.read { try Users($0).passwordHash(of: ada) } == "new")
        try await store.write { try Users($0).upgradePasswordHash(from: "new", to: "stronger", of: ada) }
        #expect(try await store.read { try Users($0).passwordHash(of: ada) } == "stronger")
        #expect(try await store.read { try Users($0).find(ada)?.version } == 2)
    }

    @Test("A deleted account is found no more, keeps no personal data, and frees its names")
    func erase() async throws {
        let store = try await storeWithUsers(2)
        try await store.write { try Users($0).erase(ada, at: noon) }
        #expect(try await store.read { try Users($0).find(ada) } == nil)
        #expect(try await store.read { try Users($0).find(email: "u1@example.com") } == nil)
        #expect(try await store.read { try Users($0).find(username: "user1") } == nil)
        #expect(try await store.read { try Users($0).passwordHash(of: ada) } == nil)
        #expect(try await store.read { try Users($0).list(.init(), limit: 10) }.map(\.id) == [bob])
        await #expect(throws: Failure.notFound(.user)) { try await store.read { try Users($0).get(ada) } }
        let left = try await store.read { tx in
            try tx.value(
                "SELECT count(*) FROM users WHERE id = \(ada) AND (email LIKE '%u1%' OR username IS NOT NULL OR name IS NOT NULL OR is_active)",
                as: Int64.self)
        }
        #expect(left == 0)
        let again = try await store.write { tx in
            try Users(tx).insert(NewUser(email: "u1@example.com", username: "user1"), passwordHash: nil, at: noon)
        }
        #expect(again.id != ada)
    }

    @Test("No address that somebody registers keeps another account from being deleted")
    func eraseIsAlwaysPossible() async throws {
        let store = try await storeWithUsers(2)
        let gone = try await store.write { tx in
            try Users(tx).erase(ada, at: noon)
            return try tx.value("SELECT email_key FROM users WHERE id = \(ada)", as: String.self)
        }
        let next = gone.replacing("1", with: "2")
        #expect(next != gone)
        #expect(!User.isEmail(next))
        try await store.write { try Users($0).erase(bob, at: noon) }
        #expect(try await store.read { try Users($0).count(.init()) } == 0)
    }

    @Test("An admin is one who is active and not deleted")
    func admins() async throws {
        let store = try await storeWithUsers(2)
        func has(except id: ID<User>? = nil) async throws -> Bool { try await store.read { try Users($0).hasActiveAdmin(except: id) } }
        func set(_ id: ID<User>, _ changes: UserChanges) async throws {
            try await store.write { tx in
                let old = try Users(tx).get(id)
                _ = try Users(tx).update(old, to: old.applying(changes), at: noon)
            }
        }
        #expect(try await !has())
        try await set(ada, .init(role: .admin))
        #expect(try await has())
        #expect(try await !has(except: ada))
        try await set(bob, .init(role: .admin))
        #expect(try await has(except: ada))
        try await set(bob, .init(isActive: false))
        #expect(try await !has(except: ada))
        try await store.write { try Users($0).erase(ada, at: noon) }
        #expect(try await !has())
    }
}

@Suite struct UserListTests {
    private func store() async throws -> TemporaryStore {
        let store = try await migratedStore()
        let people: [(String, String?, String?)] = [
            ("ada@example.com", "ada", "Ada Lovelace"), ("percent@example.com", nil, "100% Sure"), ("under@example.com", "a_b", nil),
            ("bang@example.com", nil, "Wow! Really"), ("emile@example.com", nil, "Émile Zola"), ("strasse@example.com", nil, "Frau Straße"),
        ]
        try await store.write { tx in
            for (index, person) in people.enumerated() {
                let new = NewUser(
                    email: person.0, username: person.1, name: person.2, role: index == 0 ? .admin : .user, isActive: index != 3)
                _ = try Users(tx).insert(new, passwordHash: nil, at: noon)
            }
        }
        return store
    }

    @Test(
        "People are found by parts of their address, username and name, without case and accents, and signs mean themselves",
        arguments: [
            ("ADA", [1]), ("lovelace", [1]), ("a_b", [3]), ("_", [3]), ("%", [2]), ("100%", [2]), ("!", [4]), ("w!", [4]), ("!!", []),
            ("example.com", [1, 2, 3, 4, 5, 6]), ("%example%", []), ("émile", [5]), ("ÉMILE", [5]), ("E\u{301}mile", [5]), ("ZOLA", [5]),
            ("emile", [5]), ("ÈMILE", [5]), ("zola emi", [5]), ("Zola emile@", [5]), ("zola ada", []), (" frau  str ", [6]),
            ("straße", [6]), ("STRASSE", [6]), ("", [1, 2, 3, 4, 5, 6]), ("'", []), ("nobody", []),
        ] as [(String, [Int64])])
    func text(_ text: String, _ ids: [Int64]) async throws {
        let store = try await store()
        #expect(try await store.read { try Users($0).list(.init(text: text), limit: 100) }.map(\.id.value) == ids)
        #expect(try await store.read { try Users($0).count(.init(text: text)) } == Int64(ids.count))
    }

    @Test("Accents and letters that others have no key for are found as people type them, by anybody; an address is not")
    func publicText() async throws {
        let store = try await migratedStore()
        try await store.write { tx in
            for (index, name) in ["Łukasz Żółć", "Søren Ærø", "Đặng Văn", "今日子 田中"].enumerated() {
                _ = try Users(tx).insert(
                    NewUser(email: "p\(index)@example.com", username: "user\(index)", name: name), passwordHash: nil, at: noon)
            }
        }
        let find = { (text: String) in try await store.read { try Users($0).list(.init(publicText: text), limit: 9) }.map(\.id.value) }
        #expect(try await find("lukasz zolc") == [1])
        #expect(try await find("aero SOREN") == [2])
        #expect(try await find("dang van user2") == [3])
        #expect(try await find("日子") == [4])
        #expect(try await find("p1@example.com") == [])
        #expect(try await find("USER") == [1, 2, 3, 4])
        _ = try await store.write { tx in
            let user = try Users(tx).get(ID(1))
            var renamed = user
            renamed.name = "Ðóra"
            return try Users(tx).update(user, to: renamed, at: noon)
        }
        #expect(try await find("dora") == [1])
    }

    @Test("Filters are combined, and pages follow each other without gap")
    func filters() async throws {
        let store = try await store()
        func ids(_ filter: Users.Filter, after: Int64? = nil, offset: Int64 = 0, limit: Int64 = 100) async throws -> [Int64] {
            try await store.read { try Users($0).list(filter, after: after, offset: offset, limit: limit) }.map(\.id.value)
        }
        #expect(try await ids(.init(role: .admin)) == [1])
        #expect(try await ids(.init(role: .user, isActive: true)) == [2, 3, 5, 6])
        #expect(try await ids(.init(isActive: false)) == [4])
        #expect(try await ids(.init(role: .user, text: "ada")) == [])
        #expect(try await ids(.init(), limit: 2) == [1, 2])
        #expect(try await ids(.init(), after: 2, limit: 2) == [3, 4])
        #expect(try await ids(.init(), after: 6) == [])
        #expect(try await ids(.init(), offset: 4, limit: 10) == [5, 6])
    }
}
