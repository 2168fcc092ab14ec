"""Decides how a message goes out through apprise: to Telegram, Teams, Zalo and the rest.

These services know no key: what is sent when the answer is lost is sent again. Mail is parsed
here too, but built and sent by `mail`, where it carries its key.
"""

import asyncio
import logging
from typing import Final

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.common import OverflowMode
from apprise.plugins.base import NotifyBase
from apprise.plugins.email.base import NotifyEmail, PGPMode
from apprise.result import AppriseResultStatus

from app.delivery.attached import NotAttachedError, attached
from app.delivery.mail import Mail, Post
from app.delivery.message import Outcome, Row
from core.errors import CallerError

SPARE_SECONDS: Final = 2.0
"""Beyond apprise's own limit, for a service that does not keep it."""
TELLING: Final = ("apprise", "urllib3")
"""Loggers whose lines hold addresses, keys and all."""


def apprised(name: str, url: str, *, seconds: float) -> "Chat | Mail":
    """Return the sink an apprise address names.

    Raises:
        CallerError: apprise does not know such an address; it is not repeated.
    """
    for library in TELLING:
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    asset = AppriseAsset(
        app_id="Sectorwise",
        app_desc="Sectorwise",
        http_redirects=False,
        service_timeout=seconds,
        storage_mode="memory",
    )
    plugin = Apprise.instantiate(url, asset=asset)
    if plugin is None:
        scheme = url.partition(":")[0][:16]
        raise CallerError(f"sink {name}: apprise cannot read its {scheme}: address")
    if isinstance(plugin, NotifyEmail):
        return Mail(_post(name, plugin), seconds=seconds)
    if "overflow" not in url:
        plugin.overflow_mode = OverflowMode.SPLIT
    return Chat(plugin, seconds=seconds)


class Chat:
    """A chat or push service as a sink: plain text, and files where the service takes them."""

    def __init__(self, plugin: NotifyBase, *, seconds: float) -> None:
        self._plugin, self._seconds = plugin, seconds

    async def sent(self, row: Row) -> Outcome:
        """Send; what apprise says of a failure is not told, it may hold the address."""
        try:
            await asyncio.to_thread(attached, row)
            async with asyncio.timeout(self._seconds + SPARE_SECONDS):
                status = await self._notified(row)
        except NotAttachedError as error:
            return Outcome(result="refused", reason=str(error))
        except TimeoutError:
            status = AppriseResultStatus.TIMEOUT
        if status is AppriseResultStatus.SUCCESS:
            return Outcome(result="sent")
        if status is AppriseResultStatus.TIMEOUT:
            return Outcome(result="unreachable", reason=f"no answer within {self._seconds:g} s")
        return Outcome(result="failed", reason="the service did not take it")

    async def _notified(self, row: Row) -> AppriseResultStatus:
        service = Apprise(asset=self._plugin.asset)
        service.add(self._plugin)
        message = row.message
        result = await service.async_notify(
            body=message.text or message.subject,
            title=message.subject if message.text else "",
            body_format=NotifyFormat.TEXT,
            attach=list(message.attachments) if self._plugin.attachment_support else None,
            interpret_escapes=False,
        )
        return result.status


def _post(name: str, plugin: NotifyEmail) -> Post:
    """Return what an e-mail address says, with apprise's knowledge of the large providers."""
    if plugin.pgp_mode != PGPMode.NONE:
        raise CallerError(f"sink {name}: mail is neither signed nor encrypted here: leave pgp out")
    if not plugin.targets:
        raise CallerError(f"sink {name}: its address names no recipient that is one")
    sender, address = plugin.from_addr
    return Post(
        host=str(plugin.smtp_host or plugin.host),
        port=int(plugin.port or 0),
        mode=str(plugin.secure_mode),
        user=plugin.user,
        password=plugin.password,
        verified=plugin.verify_certificate,
        sender=(str(sender or "Sectorwise"), str(address)),
        to=tuple((str(said or ""), str(to)) for said, to in plugin.targets),
        cc=tuple(sorted(plugin.cc)),
        bcc=tuple(sorted(plugin.bcc)),
        reply_to=tuple(sorted(plugin.reply_to)),
    )
