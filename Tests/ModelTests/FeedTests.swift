// Places in the change feed.
import Model
import Testing

@Suite struct FeedTests {
    @Test("A cursor has one spelling and comes back as it was")
    func cursors() {
        for cursor in [FeedCursor.start, .init(position: 1, mark: 0), .init(position: .max, mark: .max), .init(position: 7, mark: 0xab)] {
            #expect(FeedCursor(cursor.text) == cursor)
        }
        for wrong in [
            "", "-", "1", "0-0", "-1-1", "1-", "1-AB", "1-0ab", "01-1", "+1-1", "1-1ffffffff", "1-1-1", " 1-1", "9223372036854775808-1",
        ] {
            #expect(FeedCursor(wrong) == nil, "\(wrong)")
        }
        #expect(FeedCursor(position: 3, hash: [0x9f, 0x3a, 0x1c, 0x2b, 0xff]).text == "3-9f3a1c2b")
    }
}
