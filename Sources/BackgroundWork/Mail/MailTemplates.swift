// How mails look: one template for the text, one for the HTML. Both are part of the program, so that it stays one file.
import Mustache

/// What a mail says, whatever it looks like.
struct MailContents: Sendable {
    struct Item: Sendable {
        var title: String
        var detail: String?
    }

    struct Button: Sendable {
        var label: String
        var link: String
    }

    var subject: String
    var paragraphs: [String]
    var items: [Item] = []
    /// Behind the items.
    var rest: String?
    var button: Button?
    /// Why somebody gets it.
    var reason: String
    /// The page where mails like it are switched off, and the address that does it at once.
    var unsubscribe: (page: String, post: String)?
}

struct MailTemplates: Sendable {
    private let text: MustacheTemplate
    private let html: MustacheTemplate

    init() throws {
        text = try MustacheTemplate(string: Self.textSource)
        html = try MustacheTemplate(string: Self.htmlSource)
    }

    func render(_ contents: MailContents) -> (text: String, html: String) {
        let items = contents.items.map { item in
            var fields: [String: any Sendable] = ["title": item.title]
            if let detail = item.detail { fields["detail"] = detail }
            return fields
        }
        var fields: [String: any Sendable] = [
            "subject": contents.subject, "paragraphs": contents.paragraphs, "items": items, "has_items": !items.isEmpty,
            "reason": contents.reason,
        ]
        if let rest = contents.rest { fields["rest"] = rest }
        if let button = contents.button { fields["button"] = ["label": button.label, "link": button.link] }
        if let unsubscribe = contents.unsubscribe { fields["unsubscribe"] = unsubscribe.page }
        return (text.render(fields), html.render(fields))
    }

    private static let textSource = """
        {{% CONTENT_TYPE:TEXT}}
        {{#paragraphs}}
        {{.}}

        {{/paragraphs}}
        {{#items}}
        - {{title}}{{#detail}} ({{.}}){{/detail}}
        {{/items}}
        {{#rest}}
        {{.}}
        {{/rest}}
        {{#has_items}}

        {{/has_items}}
        {{#button}}
        {{label}}: {{link}}

        {{/button}}
        --\u{20}
        {{reason}}
        {{#unsubscribe}}
        No more mails like this one: {{.}}
        {{/unsubscribe}}

        """

    private static let htmlSource = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{subject}}</title></head>
        <body style="font-family: system-ui, sans-serif; line-height: 1.5; max-width: 36rem; margin: 2rem auto; padding: 0 1rem">
        {{#paragraphs}}
        <p>{{.}}</p>
        {{/paragraphs}}
        {{#has_items}}
        <ul>
        {{#items}}
        <li>{{title}}{{#detail}} <span style="color: #767676">{{.}}</span>{{/detail}}</li>
        {{/items}}
        </ul>
        {{/has_items}}
        {{#rest}}
        <p>{{.}}</p>
        {{/rest}}
        {{#button}}
        <p><a href="{{link}}" style="display: inline-block; padding: 0.5rem 1rem; background: #1f5fbf; color: #ffffff;
        text-decoration: none; border-radius: 4px">{{label}}</a></p>
        <p style="color: #767676; font-size: 0.85rem">If the button does nothing, open {{link}}</p>
        {{/button}}
        <p style="color: #767676; font-size: 0.85rem">{{reason}}
        {{#unsubscribe}}
        <br><a href="{{.}}" style="color: #767676">No more mails like this one</a>
        {{/unsubscribe}}
        </p>
        </body>
        </html>

        """
}
