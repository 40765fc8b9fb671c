"""A mail server of somebody else: says at which port it is, then each mail that it was given, one line of JSON each.

Arguments: how it encrypts (starttls, tls or none), its certificate, and the key of that. It lets in one account.
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": session.ssl is not None or sys.argv[1] == "tls",
            "hello": session.host_name,
            "content": envelope.content.decode("ascii"),
        }
        print(json.dumps(mail), flush=True)
        return "250 OK"


def known(server, session, envelope, mechanism, data):
    is_known = (data.login, data.password) == (b"symbolon", b"of-the-mail-server")
    return AuthResult(success=is_known, handled=False)


async def main():
    how, certificate, key = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def conversation():
        return SMTP(
            Mailbox(),
            authenticator=known,
            auth_required=True,
            auth_require_tls=how == "starttls",
            require_starttls=how == "starttls",
            tls_context=context if how == "starttls" else None,
        )

    loop = asyncio.get_running_loop()
    encrypted = context if how == "tls" else None
    server = await loop.create_server(conversation, "127.0.0.1", 0, ssl=encrypted)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main())
