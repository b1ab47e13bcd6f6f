"""A real SMTP server for tests (aiosmtpd): takes mails and writes each as a line of JSON, or does what a recipient's name says.

usage: smtp_sink.py ADDRESS plain|starttls|tls [CERTIFICATE KEY]

The first line it prints is its port. With a certificate it asks for the user `mailer` with the password `open sesame`.
reject@ is refused for good, later@ for now; full@ is refused after the whole mail; drop@ is cut off there without an answer.
For slow…@ it takes its time with the whole mail, before it has taken it and before it says so.
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("reject@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        is_slow = envelope.rcpt_tos[0].startswith("slow")
        if is_slow:
            await asyncio.sleep(0.05)
        report = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            "authenticated": session.authenticated is True,
            "data": envelope.content.decode("ascii"),
        }
        print(json.dumps(report), flush=True)
        if envelope.rcpt_tos[0].startswith("full@"):
            return "552 5.2.2 mailbox full"
        if envelope.rcpt_tos[0].startswith("drop@"):
            server.transport.abort()
        if is_slow:
            await asyncio.sleep(0.05)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    # Not handled: the server gives the answer, 535 for a failure.
    return AuthResult(success=data.login == b"mailer" and data.password == b"open sesame", handled=False)


class FreePort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def main():
    address, mode = sys.argv[1:3]
    options = {}
    if mode != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[3:5])
        options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": mode == "starttls"}
        if mode == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        else:
            options |= {"ssl_context": context}
    controller = FreePort(Sink(), hostname=address, port=0, **options)
    controller.start()
    print(controller.port, flush=True)
    sys.stdin.read()
    controller.stop()


main()
