// How quotas are spelled.
import Model
import Testing

@Suite struct QuotaSpellingTests {
    @Test("A quota that is named has its limit, the others keep theirs")
    func parsed() throws {
        let quotas = try #require(Quotas("tasks=5, text=3MiB,files=1024"))
        #expect(quotas.limit(.tasks) == 5)
        #expect(quotas.limit(.text) == 3 << 20)
        #expect(quotas.limit(.files) == 1024)
        #expect(quotas.limit(.tokens) == Quotas().limit(.tokens))
    }

    @Test("What is written out reads the same")
    func roundTrip() throws {
        #expect(Quotas(Quotas().description) == Quotas())
        let quotas = try #require(Quotas("text=1025,answers=2GiB,jobs=1"))
        #expect(Quotas(quotas.description) == quotas)
        #expect(quotas.description.contains("text=1025,") && quotas.description.contains("answers=2GiB"))
    }

    @Test(
        "What is no quota is refused",
        arguments: [
            "tasks", "tasks=", "tasks=0", "tasks=-1", "tasks=1KiB", "text=1TiB", "text=KiB", "text=99999999999GiB", "x=1", "tasks=1=2",
        ])
    func refused(text: String) { #expect(Quotas(text) == nil) }
}
