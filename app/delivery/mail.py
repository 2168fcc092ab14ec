"""Decides how a message is built as one e-mail and handed over within its deadline.

Its Message-ID is made of the key, so that mail servers and readers tell a repeat. Pictures of the
HTML become parts of the mail.
"""

import asyncio
import re
import smtplib
import socket
import ssl
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from threading import Timer
from typing import Final

from app.delivery.attached import Attached, NotAttachedError, attached
from app.delivery.message import INLINE, Outcome, Row

OUR_DOMAIN: Final = "sectorwise.invalid"
"""Right of a Message-ID: a name that is nobody's."""
_PICTURE: Final = re.compile(rf'src="{re.escape(INLINE)}([A-Za-z0-9+/=]+)"')
_TEMPORARY: Final = range(400, 500)


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server, who writes, and who is written to."""

    host: str
    port: int
    mode: str
    """insecure, starttls or ssl."""
    user: str | None
    password: str | None
    verified: bool
    sender: tuple[str, str]
    to: tuple[tuple[str, str], ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()


class Mail:
    """A mail server as a sink: one mail to all recipients.

    Where the server says not now for some, it is sent again to those that do not have it.
    """

    def __init__(self, post: Post, *, seconds: float) -> None:
        self._post, self._seconds = post, seconds

    async def sent(self, row: Row) -> Outcome:
        """Send the message; what the server says of a failure is told by its number alone."""
        return await asyncio.to_thread(self._handed_over, row)

    def _handed_over(self, row: Row) -> Outcome:
        wanted = [one for one in _recipients(self._post) if _mark(one) not in row.taken]
        try:
            mail = mailed(row, self._post, attached(row))
            refused = _sent(mail, self._post, wanted, self._seconds) if wanted else {}
        except NotAttachedError as error:
            return Outcome(result="refused", reason=str(error))
        except smtplib.SMTPRecipientsRefused as error:
            if not row.taken:
                return _failure(error)
            refused = {address: code for address, (code, _) in error.recipients.items()}
        except (smtplib.SMTPException, OSError) as error:
            return _failure(error)
        took = sorted(_mark(one) for one in wanted if one not in refused)
        return _partly(refused, (*row.taken, *took))


def mailed(row: Row, post: Post, files: tuple[Attached, ...]) -> EmailMessage:
    """Return the mail: text, HTML with its pictures beside it, files. Equal rows, equal bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = row.message.subject
    mail["From"] = _address(*post.sender)
    mail["To"] = [_address(name, address) for name, address in post.to]
    if post.cc:
        mail["Cc"] = [_address("", address) for address in post.cc]
    if post.reply_to:
        mail["Reply-To"] = [_address("", address) for address in post.reply_to]
    mail["Date"] = format_datetime(row.created_at)
    mail["Message-ID"] = f"<{row.message.name}@{OUR_DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(row.message.text)
    if row.message.html is not None:
        html, pictures = _pictures_apart(row.message.html)
        mail.add_alternative(html, subtype="html")
        body = mail.get_payload(1)
        for name, png in pictures.items():
            body.add_related(png, "image", "png", cid=f"<{name}>")  # type: ignore[union-attr]  # the part just added
    for file in files:
        main, _, sub = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    for place, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{row.message.name}_{place}")
    return mail


def _pictures_apart(html: str) -> tuple[str, dict[str, bytes]]:
    """Return the HTML with its pictures named by content, and the pictures."""
    pictures: dict[str, bytes] = {}

    def named(found: re.Match[str]) -> str:
        try:
            png = b64decode(found[1], validate=True)
        except Base64Error:
            return 'src="cid:none"'
        name = f"{sha256(png).hexdigest()[:32]}@{OUR_DOMAIN}"
        pictures[name] = png
        return f'src="cid:{name}"'

    return _PICTURE.sub(named, html), pictures


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)


def _recipients(post: Post) -> list[str]:
    return list(dict.fromkeys([*(address for _, address in post.to), *post.cc, *post.bcc]))


def _mark(address: str) -> str:
    """Return what stands for a recipient where messages are kept: addresses are not."""
    return sha256(address.encode()).hexdigest()[:16]


def _partly(refused: Mapping[str, int], taken: tuple[str, ...]) -> Outcome:
    """Return what became of a mail that some have."""
    later = [code for code in refused.values() if code in _TEMPORARY]
    if later:
        said = ", ".join(str(code) for code in sorted(set(later)))
        reason = f"the mail server said not now for {len(later)} of its recipients ({said})"
        return Outcome(result="failed", reason=reason, taken=taken)
    if refused:
        return Outcome(result="sent", reason=f"{len(refused)} of its recipients were refused")
    return Outcome(result="sent")


def _sent(mail: EmailMessage, post: Post, to: list[str], seconds: float) -> dict[str, int]:
    """Hand the mail over; whom the server refused, and its code, where it took others.

    The connection is cut at the deadline, wherever the server is then. Once the mail is taken,
    nothing the server says or does not say at the goodbye changes that.
    """
    opened: list[smtplib.SMTP] = []
    cut = Timer(seconds, lambda: _cut(opened))
    cut.daemon = True
    cut.start()
    try:
        server = _connected(post, seconds, opened.append)
        try:
            refused = server.send_message(mail, post.sender[1], to)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()
        return {address: code for address, (code, _) in refused.items()}
    finally:
        cut.cancel()


class _Told(smtplib.SMTP):
    """A connection that is told of before it is made."""

    def __init__(self, post: Post, seconds: float, tell: Callable[[smtplib.SMTP], None]) -> None:
        tell(self)
        super().__init__(post.host, post.port, timeout=seconds)


class _ToldSecured(smtplib.SMTP_SSL):
    """The same over TLS from its first byte."""

    def __init__(self, post: Post, seconds: float, tell: Callable[[smtplib.SMTP], None]) -> None:
        tell(self)
        super().__init__(post.host, post.port, timeout=seconds, context=_context(post))


def _connected(post: Post, seconds: float, tell: Callable[[smtplib.SMTP], None]) -> smtplib.SMTP:
    if post.mode == "ssl":
        server: smtplib.SMTP = _ToldSecured(post, seconds, tell)
    else:
        server = _Told(post, seconds, tell)
    try:
        if post.mode == "starttls":
            server.starttls(context=_context(post))
        if post.user and post.password:
            server.login(post.user, post.password)
    except BaseException:
        server.close()
        raise
    return server


def _context(post: Post) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not post.verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _cut(opened: list[smtplib.SMTP]) -> None:
    for server in opened:
        held: socket.socket | None = getattr(server, "sock", None)
        if held is not None:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


def _failure(error: smtplib.SMTPException | OSError) -> Outcome:
    """Return what an error of a mail server means; its own words are not repeated."""
    codes = _codes(error)
    said = ", ".join(str(code) for code in sorted(codes))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Outcome(result="failed", reason=f"the mail server refused the login ({said})")
    if isinstance(error, smtplib.SMTPServerDisconnected) or not codes:
        return Outcome(result="unreachable", reason=f"not reached ({type(error).__name__})")
    if any(code in _TEMPORARY for code in codes):
        return Outcome(result="unreachable", reason=f"the mail server said not now ({said})")
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return Outcome(result="failed", reason=f"the mail server refused to talk ({said})")
    return Outcome(result="refused", reason=f"the mail server refused it ({said})")


def _codes(error: Exception) -> set[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return {code for code, _ in error.recipients.values()}
    if isinstance(error, smtplib.SMTPResponseException):
        return {error.smtp_code}
    return set()
