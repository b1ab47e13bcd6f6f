// The pages that links in mails lead to. Each takes its token from the fragment of the link, which browsers do not send, and asks for a
// click: mail programs open links by themselves.

enum MailPages {
    private static func page(_ name: String, _ title: String, _ words: String, _ form: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) – TaskFlow</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/setup.css">
        </head>
        <body>
        <main>
        <h1>\(title)</h1>
        <p>\(words)</p>
        <form id="form" data-page="\(name)">
        \(form)
        </form>
        <p id="message" role="status"></p>
        </main>
        <script src="/mail.js"></script>
        </body>
        </html>

        """
    }

    static let reset = page(
        "reset", "Choose a new password", "You are logged out everywhere when it is changed.",
        """
        <label>New password, 8 characters or more
        <input id="password" type="password" autocomplete="new-password" minlength="8" maxlength="128" required></label>
        <button>Change password</button>
        """)

    static let verify = page(
        "verify", "Confirm your address", "Mails about your tasks will come to it.", "<button>Confirm</button>")

    static let unsubscribe = page(
        "unsubscribe", "No more mails like that one", "Other kinds of mail go on coming.", "<button>Switch them off</button>")

    static let script = """
        "use strict";
        const form = document.getElementById("form");
        const message = document.getElementById("message");
        const token = () => new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
        const pages = {
          reset: {
            path: () => "/api/v1/auth/password-reset/confirm",
            body: () => ({ token: token(), new_password: document.getElementById("password").value }),
            done: "Done. Log in with the new password.",
          },
          verify: { path: () => "/api/v1/auth/verify-email", body: () => ({ token: token() }), done: "Done. The address is confirmed." },
          unsubscribe: {
            path: () => `/api/v1/unsubscribe?token=${encodeURIComponent(token())}`,
            body: () => undefined,
            done: "Done. They do not come any more.",
          },
        };
        const page = pages[form.dataset.page];
        // A newer link opened in the same tab changes the fragment only, and this script goes on.
        const check = () => {
          message.textContent = token() ? "" : "This link is incomplete: open the one in the mail.";
        };
        addEventListener("hashchange", check);
        check();
        form.addEventListener("submit", async (event) => {
          event.preventDefault();
          check();
          if (!token()) return;
          try {
            const body = page.body();
            const response = await fetch(page.path(), {
              method: "POST",
              headers: body ? { "Content-Type": "application/json" } : {},
              body: body && JSON.stringify(body),
            });
            if (!response.ok) {
              const problem = await response.json();
              const isLink = (fault) => fault.pointer === "/token" || fault.pointer === "query:token";
              message.textContent =
                problem.errors?.map((fault) => `The ${isLink(fault) ? "link" : "password"} ${fault.detail}`).join("; ") ?? problem.detail;
              return;
            }
            history.replaceState(null, "", location.pathname);
            form.hidden = true;
            message.textContent = page.done;
          } catch {
            message.textContent = "The server did not answer. Is it still running?";
          }
        });

        """
}
