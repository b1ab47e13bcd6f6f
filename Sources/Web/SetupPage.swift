// The form that makes the first admin. The token comes in the fragment of the link, which browsers do not send.

enum SetupPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Set up TaskFlow</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/setup.css">
        </head>
        <body>
        <main>
        <h1>Set up TaskFlow</h1>
        <p>Create the first admin of this installation.</p>
        <form id="form">
        <label>E-mail address <input id="email" type="email" autocomplete="username" required></label>
        <label>Password, 8 characters or more
        <input id="password" type="password" autocomplete="new-password" minlength="8" maxlength="128" required></label>
        <button>Create admin</button>
        </form>
        <p id="message" role="status"></p>
        </main>
        <script src="/setup.js"></script>
        </body>
        </html>

        """

    static let script = """
        "use strict";
        const form = document.getElementById("form");
        const message = document.getElementById("message");
        const names = { "/email": "The address", "/password": "The password", "/token": "The token of the link" };
        // A newer link opened in the same tab changes the fragment only, and this script goes on.
        const token = () => new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
        const check = () => {
          message.textContent = token() ? "" : "This link is incomplete: open the one that the server printed when it started.";
        };
        addEventListener("hashchange", check);
        check();
        form.addEventListener("submit", async (event) => {
          event.preventDefault();
          check();
          if (!token()) return;
          const email = document.getElementById("email").value;
          const password = document.getElementById("password").value;
          try {
            const response = await fetch("/api/v1/setup", {
              method: "POST",
              headers: { "Content-Type": "application/json" },
              body: JSON.stringify({ token: token(), email, password }),
            });
            const body = await response.json();
            if (!response.ok) {
              message.textContent =
                body.errors?.map((fault) => `${names[fault.pointer] ?? fault.pointer} ${fault.detail}`).join("; ") ?? body.detail;
              return;
            }
            history.replaceState(null, "", "/setup");
            form.hidden = true;
            message.textContent = `Done: ${body.user.email} is the admin. Log in with the API, or try it at /docs.`;
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
