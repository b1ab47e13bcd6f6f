// A report as a PDF that can be printed: A4, numbered pages, nothing told by colour alone.
import Model

package enum ReportPDF {
    /// Draws it all at once on the calling thread, which takes seconds at most.
    /// - Throws: `DrawingFault`.
    package static func bytes(of data: ReportData, isCancelled: @escaping () -> Bool = { false }) throws -> [UInt8] {
        let canvas = try Canvas(title: "Task report", about: "\(data.audience), \(data.range.from) to \(data.range.to)")
        canvas.date(data.madeAt)
        let flow = Flow(canvas, isCancelled)
        try Overview(data, canvas).add(to: flow)
        try TaskTables(data, canvas).add(to: flow)
        try flow.draw(footer: "Task report · \(data.range.from) to \(data.range.to) · \(data.audience)")
        return try canvas.finish()
    }
}

/// Where things are on a page.
enum Page {
    static let margin = 42.0
    static let left = margin
    static let right = Canvas.width - margin
    static let width = Canvas.width - 2 * margin
    static let top = margin
    static let bottom = Canvas.height - 54
    static let footer = Canvas.height - 32
}

/// Blocks from the top to the bottom of as many pages as it takes. All of them are measured before the first is drawn, so that each page
/// can say how many there are.
final class Flow {
    struct Block {
        var height: Double
        /// Drawn again above the block where a page begins with it.
        var header: Header?
        /// So much of what follows must fit on the same page.
        var following = 0.0
        var bookmark: String?
        var draw: (Canvas, _ y: Double) -> Void
    }

    struct Header {
        var height: Double
        var draw: (Canvas, _ y: Double) -> Void
    }

    private let canvas: Canvas
    private let isCancelled: () -> Bool
    private var pages: [[(y: Double, Block)]] = [[]]
    private var y = Page.top

    init(_ canvas: Canvas, _ isCancelled: @escaping () -> Bool) {
        self.canvas = canvas
        self.isCancelled = isCancelled
    }

    func add(_ block: Block) throws {
        if isCancelled() { throw DrawingFault.cancelled }
        if y + block.height + block.following > Page.bottom, y > Page.top {
            pages.append([])
            y = Page.top
        }
        if y == Page.top, let header = block.header {
            pages[pages.count - 1].append((y, Block(height: header.height, draw: header.draw)))
            y += header.height
        }
        pages[pages.count - 1].append((y, block))
        y += block.height
    }

    func space(_ height: Double) { if y > Page.top { y += height } }

    func draw(footer: String) throws {
        for (index, page) in pages.enumerated() {
            if isCancelled() { throw DrawingFault.cancelled }
            for (y, block) in page {
                block.draw(canvas, y)
                if let bookmark = block.bookmark { canvas.bookmark(bookmark, page: index + 1) }
            }
            let number = "Page \(index + 1) of \(pages.count)"
            canvas.line([(Page.left, Page.footer - 11), (Page.right, Page.footer - 11)], .line)
            canvas.write(footer, .small, x: Page.left, baseline: Page.footer, width: Page.width - 90)
            canvas.write(number, .small, x: Page.right, baseline: Page.footer, .end)
            try canvas.endPage()
        }
    }
}
