// What instances tell each other is read as it was said, and what another version says is ignored.
import Model
import Repositories
import Testing

@Suite struct InstanceMessageTests {
    @Test(arguments: [
        InstanceMessage.jobsWaiting, .jobCancelled(ID(7)), .accessChanged(ID(12)), .eventsSealed(audience: [ID(1), ID(30)]),
        .eventsSealed(audience: []), .eventsSealed(audience: nil),
    ])
    func roundTrip(_ message: InstanceMessage) { #expect(InstanceMessage(message.text) == message) }

    /// PostgreSQL refuses a NOTIFY of 8000 bytes, and with it the transaction.
    @Test func manyPeopleAreEverybody() {
        let message = InstanceMessage.eventsSealed(audience: Set((1...5000).map { ID($0) }))
        #expect(InstanceMessage(message.text) == .eventsSealed(audience: nil))
    }

    /// Programs of before and after an upgrade run side by side.
    @Test func wordsStay() {
        #expect(InstanceMessage.jobsWaiting.text == "jobs")
        #expect(InstanceMessage.jobCancelled(ID(7)).text == "job cancelled 7")
        #expect(InstanceMessage.accessChanged(ID(12)).text == "access of user 12")
        #expect(InstanceMessage.eventsSealed(audience: [ID(30), ID(1)]).text == "sealed 1,30")
    }

    @Test(arguments: ["", "job cancelled x", "something new 7"])
    func otherWordsAreIgnored(_ text: String) { #expect(InstanceMessage(text) == nil) }
}
