// The page around Swagger UI.

enum DocsPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>TaskFlow API</title>
        <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
        <link rel="stylesheet" href="/docs/swagger-ui.css">
        </head>
        <body>
        <div id="docs"><p>Loading the API reference… It needs the files that <code>make setup</code> fetches;
        the document itself is at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p></div>
        <script src="/docs/swagger-ui-bundle.js"></script>
        <script src="/docs/docs.js"></script>
        </body>
        </html>

        """

    /// The access token of an answer to register, login or refresh is used for the next requests.
    static let script = """
        "use strict";
        const sessions = /\\/api\\/v1\\/(auth\\/(register|login|refresh)|setup)$/;
        const ui = SwaggerUIBundle({
          url: "/api/v1/openapi.json",
          dom_id: "#docs",
          deepLinking: true,
          docExpansion: "list",
          defaultModelsExpandDepth: 0,
          displayRequestDuration: true,
          validatorUrl: null,
          responseInterceptor(response) {
            if (response.ok && sessions.test(new URL(response.url, location.href).pathname) && response.body?.access_token) {
              ui.preauthorizeApiKey("bearer", response.body.access_token);
            }
            return response;
          },
        });

        """
}
