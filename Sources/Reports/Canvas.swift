// Pages of a PDF to draw on: lines and areas by Cairo, every text by Pango. Sizes are points, from the upper left corner.
import CPango
import Model

package enum DrawingFault: Error {
    case cairo(String)
    case cancelled
}

struct Colour {
    var red, green, blue: Double

    init(_ hex: UInt32) {
        red = Double(hex >> 16 & 0xff) / 255
        green = Double(hex >> 8 & 0xff) / 255
        blue = Double(hex & 0xff) / 255
    }

    static let ink = Colour(0x1b2430)
    static let faint = Colour(0x5b6675)
    static let line = Colour(0xc9d0d9)
    static let wash = Colour(0xf2f5f8)
    static let accent = Colour(0x1f4e8c)
    static let second = Colour(0x2e7d4f)
    static let alarm = Colour(0xa61b1b)
}

struct TextStyle {
    var size: Double
    var isBold = false
    var colour = Colour.ink

    static let body = TextStyle(size: 8.5)
    static let bold = TextStyle(size: 8.5, isBold: true)
    static let small = TextStyle(size: 7.5, colour: .faint)
    static let heading = TextStyle(size: 12, isBold: true)
    static let title = TextStyle(size: 20, isBold: true)
    static let figure = TextStyle(size: 18, isBold: true)

    func coloured(_ colour: Colour) -> TextStyle {
        var style = self
        style.colour = colour
        return style
    }
}

enum Side {
    case start, centre, end
}

/// Belongs to one thread from its first to its last moment: Pango keeps its fonts by thread, and nothing of it is shared.
final class Canvas {
    static let width = 595.276
    static let height = 841.89
    /// A report has no reason to become larger; what would is given up before it fills the memory.
    private static let largest = 64 << 20

    private final class Output {
        var bytes: [UInt8] = []
    }

    private let output = Output()
    private let surface: OpaquePointer
    private let cairo: OpaquePointer
    private let context: OpaquePointer

    init(title: String, about subject: String) throws {
        let write: cairo_write_func_t = { output, bytes, count in
            guard let output, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
            let target = Unmanaged<Output>.fromOpaque(output).takeUnretainedValue()
            guard target.bytes.count + Int(count) <= Canvas.largest else { return CAIRO_STATUS_WRITE_ERROR }
            target.bytes += UnsafeBufferPointer(start: bytes, count: Int(count))
            return CAIRO_STATUS_SUCCESS
        }
        let target = Unmanaged.passUnretained(output).toOpaque()
        guard let surface = cairo_pdf_surface_create_for_stream(write, target, Self.width, Self.height),
            let cairo = cairo_create(surface), let context = pango_cairo_create_context(cairo)
        else { throw DrawingFault.cairo("no memory") }
        self.surface = surface
        self.cairo = cairo
        self.context = context
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, subject)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "TaskFlow")
        pango_cairo_context_set_resolution(context, 72)
        pango_context_set_language(context, pango_language_from_string("en"))
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
        try check()
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(context))
        cairo_destroy(cairo)
        // What was not finished is written now, and nobody reads it.
        cairo_surface_destroy(surface)
    }

    private func check() throws {
        let status = cairo_status(cairo)
        guard status == CAIRO_STATUS_SUCCESS else { throw DrawingFault.cairo(String(cString: cairo_status_to_string(status))) }
    }

    func date(_ instant: Instant) {
        let time = "\(instant.description.prefix(19))Z"
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, time)
    }

    func endPage() throws {
        cairo_show_page(cairo)
        try check()
    }

    /// The whole document. Nothing can be drawn any more.
    func finish() throws -> [UInt8] {
        cairo_surface_finish(surface)
        let status = cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS else { throw DrawingFault.cairo(String(cString: cairo_status_to_string(status))) }
        return output.bytes
    }

    /// An entry of the table of contents, to a page from 1.
    func bookmark(_ title: String, page: Int) {
        cairo_pdf_surface_add_outline(
            surface, 0, title, "page=\(page) pos=[0 0]", cairo_pdf_outline_flags_t(rawValue: 0))
    }

    // MARK: Shapes

    private func set(_ colour: Colour, alpha: Double = 1) { cairo_set_source_rgba(cairo, colour.red, colour.green, colour.blue, alpha) }

    func fill(x: Double, y: Double, width: Double, height: Double, _ colour: Colour) {
        set(colour)
        cairo_rectangle(cairo, x, y, width, height)
        cairo_fill(cairo)
    }

    func frame(x: Double, y: Double, width: Double, height: Double, _ colour: Colour, thickness: Double = 0.6) {
        set(colour)
        cairo_set_line_width(cairo, thickness)
        cairo_rectangle(cairo, x, y, width, height)
        cairo_stroke(cairo)
    }

    func line(_ points: [(x: Double, y: Double)], _ colour: Colour, thickness: Double = 0.6, dashes: [Double] = []) {
        guard let first = points.first else { return }
        set(colour)
        cairo_set_line_width(cairo, thickness)
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
        cairo_set_dash(cairo, dashes, Int32(dashes.count), 0)
        cairo_move_to(cairo, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(cairo, point.x, point.y) }
        cairo_stroke(cairo)
        cairo_set_dash(cairo, nil, 0, 0)
    }

    func dot(x: Double, y: Double, radius: Double, _ colour: Colour) {
        set(colour)
        cairo_arc(cairo, x, y, radius, 0, 2 * Double.pi)
        cairo_fill(cairo)
    }

    func area(_ points: [(x: Double, y: Double)], _ colour: Colour, alpha: Double) {
        guard let first = points.first else { return }
        set(colour, alpha: alpha)
        cairo_move_to(cairo, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(cairo, point.x, point.y) }
        cairo_close_path(cairo)
        cairo_fill(cairo)
    }

    // MARK: Text

    /// A text in the width given, in at most so many lines; what does not fit ends with an ellipsis.
    func text(_ text: String, _ style: TextStyle, width: Double? = nil, lines: Int32 = 1) -> TextBlock {
        TextBlock(context, printable(text), style, width: width, lines: lines)
    }

    func draw(_ block: TextBlock, x: Double, y: Double) {
        set(block.style.colour)
        cairo_move_to(cairo, x, y)
        pango_cairo_show_layout(cairo, block.layout)
    }

    /// One line, with its baseline at `y`, as wide as it is.
    func write(_ text: String, _ style: TextStyle, x: Double, baseline y: Double, _ side: Side = .start, width: Double? = nil) {
        let block = self.text(text, style, width: width)
        let shift =
            switch side {
            case .start: 0.0
            case .centre: block.size.width / 2
            case .end: block.size.width
            }
        draw(block, x: x - shift, y: y - block.baseline)
    }
}

/// A text with its lines broken and its glyphs placed.
final class TextBlock {
    fileprivate let layout: OpaquePointer
    let style: TextStyle

    fileprivate init(_ context: OpaquePointer, _ text: String, _ style: TextStyle, width: Double?, lines: Int32) {
        self.style = style
        layout = pango_layout_new(context)
        let font = pango_font_description_new()
        pango_font_description_set_family(font, Self.families)
        pango_font_description_set_absolute_size(font, style.size * Double(PANGO_SCALE))
        if style.isBold { pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD) }
        pango_layout_set_font_description(layout, font)
        pango_font_description_free(font)
        // A hyphen of ours would be read as one of the title.
        let attributes = pango_attr_list_new()
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
        pango_layout_set_attributes(layout, attributes)
        pango_attr_list_unref(attributes)
        if let width {
            pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
            pango_layout_set_height(layout, -lines)
            pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        }
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { pango_layout_set_text(layout, $0.baseAddress, Int32($0.count)) }
        }
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

    /// Whichever of them is installed comes first; for what they lack Pango asks fontconfig.
    private static let families = "Noto Sans,DejaVu Sans,sans-serif"

    var size: (width: Double, height: Double) {
        var (width, height) = (Int32(0), Int32(0))
        pango_layout_get_size(layout, &width, &height)
        return (Double(width) / Double(PANGO_SCALE), Double(height) / Double(PANGO_SCALE))
    }

    /// From the top of the block to the baseline of its first line.
    var baseline: Double { Double(pango_layout_get_baseline(layout)) / Double(PANGO_SCALE) }
}

/// The text without line ends and without what has no picture: a title is one paragraph.
private func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
    var printable = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d, 0x85, 0x2028, 0x2029: printable.append(" ")
        case 0..<0x20, 0x7f..<0xa0: break
        default: printable.append(scalar)
        }
    }
    return String(printable)
}
