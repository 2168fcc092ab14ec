"""The sources over a network: which there are, and what each is wired to; loaded when asked for."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from pandas import DataFrame

from app.settings import Settings
from core.errors import CallerError, DataError
from tools.upstream.http import Http
from tools.upstream.protocol import Upstream
from tools.upstream.wire import Manners

Bars = Literal["15m", "1h"]


def upstream_of(settings: Settings, name: str, *, bars: Bars = "15m") -> Upstream:
    """Return the source of that name, ready to be asked.

    Raises:
        CallerError: there is none, or a setting it needs is missing.
        DataError: the extra it needs is not installed.
    """
    if name not in UPSTREAMS:
        raise CallerError(f"source {name!r} is unknown: use one of {', '.join(UPSTREAMS)}")
    return UPSTREAMS[name](settings, bars)


def needed(packages: tuple[str, ...], extra: str) -> None:
    """Raise DataError, naming what to install, unless every package is there."""
    absent = [package for package in packages if find_spec(package) is None]
    if absent:
        raise DataError(
            f"{', '.join(absent)} not installed; this source needs the extra `{extra}`: "
            f"pip install --require-hashes -r requirements/{extra}.lock"
        )


def http_of(
    settings: Settings,
    name: str,
    *,
    source: str,
    address: str,
    manners: Manners = Manners(),  # noqa: B008 - frozen
    keys: tuple[str, ...] = (),
) -> Http:
    """Return the HTTP behaviour for a source's host, at the operator's address and pace if told.

    Args:
        settings: may hold both.
        name: of the source, or of one of its hosts, in `source_urls`.
        source: what errors call it.
        address: its own base URL.
        manners: its own pace and limits.
        keys: settings an error about access names.
    """
    pause = settings.source_pause_seconds
    paced = manners if pause is None else manners.paced(pause)
    return Http(source, settings.source_urls.get(name, address), manners=paced, keys=keys)


def _yahoo(settings: Settings, bars: Bars) -> Upstream:
    needed(("yfinance", "curl_cffi"), "live")
    from tools.upstream.browser import YAHOO
    from tools.upstream.yahoo import YahooUpstream

    http = http_of(settings, "yahoo", source="Yahoo Finance", address=YAHOO)
    return YahooUpstream(http, folder=settings.home_dir / "sync" / "yfinance", bars=bars)


def _fred(settings: Settings, bars: Bars) -> Upstream:
    from tools.upstream.fred import API, KEY, SITE, FredUpstream

    key = settings.fred_api_key
    return FredUpstream(
        http_of(settings, "fred", source="FRED", address=API, keys=(KEY,)),
        http_of(settings, "fred_site", source="FRED", address=SITE),
        key=key.get_secret_value() if key else None,
    )


def _world_bank(settings: Settings, bars: Bars) -> Upstream:
    from tools.upstream.world_bank import API, WorldBankUpstream

    return WorldBankUpstream(http_of(settings, "world_bank", source="World Bank", address=API))


def _edgar(settings: Settings, bars: Bars) -> Upstream:
    from tools.upstream.edgar import DATA, IDENTITY, PAUSE_SECONDS, SITE, SOURCE, EdgarUpstream

    if settings.sec_identity is None:
        raise CallerError(
            f"the SEC wants to know who asks: set {IDENTITY} to your name and e-mail address, "
            'such as "Jane Doe jane@example.com"'
        )
    manners = Manners(pause_seconds=PAUSE_SECONDS)
    told = {"user-agent": settings.sec_identity}
    site, data = (
        replace(
            http_of(settings, name, source=SOURCE, address=address, manners=manners,
                    keys=(IDENTITY,)),
            headers=told,
        )
        for name, address in (("edgar", SITE), ("edgar_data", DATA))
    )  # fmt: skip
    folder = settings.home_dir / "sync" / "edgartools"
    return EdgarUpstream(
        site, data, managers=settings.sec_managers, table=partial(_holdings, folder)
    )


def _holdings(folder: Path, xml: bytes, period: date) -> DataFrame:
    """Return the holdings a table tells; edgartools keeps its files in a folder of ours."""
    needed(("edgar",), "sec")
    os.environ.setdefault("EDGAR_LOCAL_DATA_DIR", str(folder))  # read by its import alone
    from tools.upstream.edgar_tables import holdings

    return holdings(xml, period)


def _ssi(settings: Settings, bars: Bars) -> Upstream:
    from tools.upstream.ssi import ADDRESS, PAUSE_SECONDS, SsiUpstream
    from tools.upstream.ssi_answers import KEYS, SOURCE

    if settings.ssi_id is None or settings.ssi_secret is None:
        raise CallerError(
            f"SSI FastConnect Data needs both keys: set {' and '.join(KEYS)} to those iBoard gives"
        )
    manners = Manners(pause_seconds=PAUSE_SECONDS)
    http = http_of(settings, "ssi", source=SOURCE, address=ADDRESS, manners=manners, keys=KEYS)
    return SsiUpstream(http, consumer_id=settings.ssi_id, secret=settings.ssi_secret)


UPSTREAMS: Final[Mapping[str, Callable[[Settings, Bars], Upstream]]] = {
    "yahoo": _yahoo,
    "fred": _fred,
    "world_bank": _world_bank,
    "edgar": _edgar,
    "ssi": _ssi,
}
"""By the word after --source."""
