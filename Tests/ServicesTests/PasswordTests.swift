// What hashing costs whom, and what becomes of old hashes.
import API
import Composition
import Credentials
import Model
import Repositories
import StoreCore
import Testing
import TestKit

@Suite struct PasswordTests {
    @Test("a full queue refuses at once instead of growing, and takes work again afterwards (P25)")
    func fullQueue() async throws {
        // Slow enough that sixteen of them are still waiting when the others come.
        let hasher = try PasswordHasher(parameters: .init(memory: 65_536, passes: 4, lanes: 1))
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("a long enough one")
                        return true
                    } catch {
                        return (error as? Failure) != .unavailable(retryAfter: 1)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let accepted = outcomes.count { $0 }
        #expect(accepted >= PasswordHasher.queueLimit)
        #expect(accepted < 64)
        let hash = try await hasher.hash("another one")
        #expect(try await hasher.verify("another one", against: hash))
    }

    @Test("verifying against no hash is false, whatever the password, and hashes are salted PHC strings")
    func verify() async throws {
        let hasher = try PasswordHasher(parameters: .init(memory: 8, passes: 1, lanes: 1))
        #expect(try await hasher.verify("anything", against: nil) == false)
        let hash = try await hasher.hash("a long enough one")
        #expect(hash.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(try await hasher.hash("a long enough one") != hash)
        #expect(try await hasher.verify("a long enough one", against: hash))
        #expect(try await hasher.verify("a long enough onE", against: hash) == false)
        #expect(try await hasher.verify("anything", against: "not a hash") == false)
    }

    @Test("a login with an unknown account takes a place in the queue like one with a known account (P46)")
    func unknownAccountsHashToo() async throws {
        let hasher = try PasswordHasher(parameters: .init(memory: 65_536, passes: 4, lanes: 1))
        let verdicts = await withTaskGroup(of: Failure?.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    do { _ = try await hasher.verify("x", against: nil) } catch { return error as? Failure }
                    return nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.contains(.unavailable(retryAfter: 1)))
    }

    @Test("a hash made with weaker parameters is replaced at the next login, and the account notices nothing")
    func upgrade() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let weak = try await PasswordHasher(parameters: .init(memory: 16, passes: 1, lanes: 1)).hash(Person.password)
            let store = world.installation.store
            try await store.write { try Users($0).setPasswordHash(weak, of: ID(ada.id), at: world.clock.now) }
            #expect(try await world.login(ada.email).status == 200)
            let now = try await store.read { try Users($0).passwordHash(of: ID(ada.id)) }
            #expect(now?.hasPrefix("$argon2id$v=19$m=8,") == true)
            #expect(try await world.login(ada.email).status == 200)
        }
    }
}
