// What the document says of one operation, and what its parts add to it.
package import HTTPTypes

package struct Operation: Sendable {
    package struct Parameter: Sendable {
        package enum Place: String, Sendable { case path, query, header }
        package let place: Place
        package let name: String
        package let isRequired: Bool
        package let document: JSON

        package init(_ place: Place, _ name: String, isRequired: Bool, document: JSON) {
            self.place = place
            self.name = name
            self.isRequired = isRequired
            self.document = document
        }
    }

    package struct Response: Sendable {
        package let status: Int
        package let description: String
        /// The media types that the body may have, each with its schema if it has one; none without a body.
        package let content: [Content]
        package let headers: [String]

        package typealias Content = (mediaType: String, document: JSON?)

        package init(_ status: Int, _ description: String, content: [Content], headers: [String] = []) {
            self.status = status
            self.description = description
            self.content = content
            self.headers = headers
        }

        package init(_ status: Int, _ description: String, mediaType: String? = nil, document: JSON? = nil, headers: [String] = []) {
            self.init(status, description, content: mediaType.map { [($0, document)] } ?? [], headers: headers)
        }
    }

    /// Stable: the operation id of the document, the metric label, the key of the authorization matrix.
    package let id: String
    package let method: HTTPRequest.Method
    /// A path template (`/api/v1/tasks/{id}`).
    package let path: String
    package let tag: String
    package let summary: String
    package var description = ""
    package var parameters: [Parameter] = []
    /// The schema of the JSON body; `nil` takes no body.
    package var body: (any NamedSchema)?
    package var bodyIsRequired = true
    /// The media types of a body that is no JSON, each with its schema.
    package var content: [(mediaType: String, document: JSON)] = []
    package var responses: [Response] = []
    package var components: [(name: String, document: JSON)] = []
    /// One entry for each way to authenticate, an empty one for none at all; no entry for an open operation.
    package var security: [String] = []

    package init(id: String, method: HTTPRequest.Method, path: String, tag: String, summary: String) {
        self.id = id
        self.method = method
        self.path = path
        self.tag = tag
        self.summary = summary
    }

    /// The media types of a JSON body. What changes some fields and clears others with `null` is a merge patch (RFC 7396).
    package var jsonTypes: [String] { ["application/json"] + (method == .patch ? ["application/merge-patch+json"] : []) }

    package func parameters(in place: Parameter.Place) -> [Parameter] { parameters.filter { $0.place == place } }
}
