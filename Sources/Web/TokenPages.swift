// The forms that links with a token lead to: the first admin, a new password, the proof of an address, an old address taken back, the end of a kind of mail. The
// token is in the fragment of the link, which browsers do not send, and each form asks for a click: mail programs open links by themselves.

enum TokenPages {
    private static func page(_ name: String, _ title: String, _ words: String, _ form: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) – TaskFlow</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/form.css">
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
        <script src="/form.js"></script>
        </body>
        </html>

        """
    }

    private static func password(_ label: String) -> String {
        """
        <label>\(label), 8 characters or more
        <input id="password" type="password" autocomplete="new-password" minlength="8" maxlength="128" required></label>
        """
    }

    static let setup = page(
        "setup", "Set up TaskFlow", "Create the first admin of this installation.",
        """
        <label>E-mail address <input id="email" type="email" autocomplete="username" required></label>
        \(password("Password"))
        <button>Create admin</button>
        """)

    static let reset = page(
        "reset", "Choose a new password", "You are logged out everywhere when it is changed.",
        """
        \(password("New password"))
        <button>Change password</button>
        """)

    static let verify = page(
        "verify", "Confirm your address", "Mails about your tasks will come to it.", "<button>Confirm</button>")

    static let revert = page(
        "revert", "Take your address back", "Everybody is logged out, and a mail to your address lets you choose a new password.",
        "<button>Take the address back</button>")

    static let unsubscribe = page(
        "unsubscribe", "No more mails like that one", "Other kinds of mail go on coming.", "<button>Switch them off</button>")

    static let script = """
        "use strict";
        const form = document.getElementById("form");
        const message = document.getElementById("message");
        const value = (id) => document.getElementById(id).value;
        const token = () => new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
        const pages = {
          setup: {
            source: "the one that the server printed when it started",
            path: () => "/api/v1/setup",
            body: () => ({ token: token(), email: value("email"), password: value("password") }),
            done: (answer) => `Done: ${answer.user.email} is the admin. Log in with the API, or try it at /docs.`,
          },
          reset: {
            path: () => "/api/v1/auth/password-reset/confirm",
            body: () => ({ token: token(), new_password: value("password") }),
            done: () => "Done. Log in with the new password.",
          },
          verify: {
            path: () => "/api/v1/auth/verify-email",
            body: () => ({ token: token() }),
            done: () => "Done. The address is confirmed.",
          },
          revert: {
            path: () => "/api/v1/auth/revert-email",
            body: () => ({ token: token() }),
            done: () => "Done. Look for the mail that lets you choose a new password.",
          },
          unsubscribe: {
            path: () => `/api/v1/unsubscribe?token=${encodeURIComponent(token())}`,
            body: () => undefined,
            done: () => "Done. They do not come any more.",
          },
        };
        const names = {
          "/email": "The address", "/password": "The password", "/new_password": "The password", "/token": "The link",
          "query:token": "The link",
        };
        const page = pages[form.dataset.page];
        // A newer link opened in the same tab changes the fragment only, and this script goes on.
        const check = () => {
          message.textContent = token() ? "" : `This link is incomplete: open ${page.source ?? "the one in the mail"}.`;
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
            const text = await response.text();
            const answer = text ? JSON.parse(text) : {};
            if (!response.ok) {
              message.textContent =
                answer.errors?.map((fault) => `${names[fault.pointer] ?? fault.pointer} ${fault.detail}`).join("; ") ?? answer.detail;
              return;
            }
            history.replaceState(null, "", location.pathname);
            form.hidden = true;
            message.textContent = page.done(answer);
          } catch {
            message.textContent = "The server did not answer. Is it still running?";
          }
        });

        """

    static let style = """
        :root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
        body { margin: 0; display: grid; place-items: center; min-height: 100vh; }
        main { width: min(24rem, 90vw); }
        label { display: block; margin: 1rem 0; }
        input { display: block; width: 100%; box-sizing: border-box; padding: 0.5rem; font: inherit; }
        button { padding: 0.5rem 1rem; font: inherit; }

        """
}
