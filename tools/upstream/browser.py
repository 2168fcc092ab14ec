"""Decides how yfinance's requests travel: under our HTTP behaviour, with a browser's handshake.

Yahoo turns away clients that do not look like browsers, so bytes go through curl_cffi.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from curl_cffi import CurlOpt
from curl_cffi.requests import Response, Session
from curl_cffi.requests.exceptions import RequestException

from tools.upstream.errors import UnauthorisedError
from tools.upstream.http import Http, Params, sha256_of, strict_json
from tools.upstream.wire import Answer, Manners, WireError

YAHOO: Final = "https://query2.finance.yahoo.com"
DATA_PATHS: Final = ("/v8/finance/chart/", "/ws/fundamentals-timeseries/")
"""What is asked there counts as data; the rest are yfinance's cookies, which may fail."""


class BrowserSession(Session[Response]):
    """The session yfinance is given.

    Data requests are retried, paced, limited and judged by `Http`; its errors pass through yfinance
    untouched. The first refusal of a request is handed to yfinance, which then renews its cookies.
    """

    def __init__(self, http: Http) -> None:
        limits = {
            CurlOpt.MAXFILESIZE_LARGE: http.manners.most_bytes,
            CurlOpt.LOW_SPEED_LIMIT: 1,
            CurlOpt.LOW_SPEED_TIME: int(max(http.manners.read_seconds, 1.0)),
        }
        super().__init__(impersonate="chrome", curl_options=limits)
        self._http = replace(http, wire=self._travelled)
        self._last = Response()
        self._refused: set[str] = set()
        self._answer: Answer | None = None
        self._subject = ""

    def about(self, subject: str) -> None:
        """Begin to ask about a name: what is answered from now on is of it."""
        self._subject, self._answer = subject, None

    def sha256(self) -> str:
        """Return the sha256 of the last data answer about the present name.

        The ones before are time zones, which are asked for only once.
        """
        return sha256_of(*([] if self._answer is None else [self._answer]))

    def request(  # type: ignore[override]  # yfinance gives no more than these
        self, method: str, url: str, params: Params | None = None, **_: object
    ) -> Response:
        """Return curl_cffi's response to a GET.

        Raises:
            UpstreamError: a data request failed for good.
            ConnectionError: a cookie could not be fetched, which yfinance goes on without.
        """
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if method != "GET" or not path.startswith(DATA_PATHS):
            return self._cookie(url, path, params or {})
        known = path.split("?")[0]
        try:
            answer = self._http.get(path, params, subject=self._subject)
        except UnauthorisedError:
            if known in self._refused:
                raise
            self._refused.add(known)
            return self._last
        strict_json(self._http.source, answer)
        self._answer = answer
        return self._last

    def _cookie(self, url: str, path: str, params: Params) -> Response:
        own = self._http.base_url == YAHOO
        target = url if own else self._http.base_url.rstrip("/") + path
        try:
            self._travelled(target, params, {}, self._http.manners)
        except WireError as error:
            raise ConnectionError(error.said) from error
        return self._last

    def _travelled(
        self, url: str, params: Params, headers: Mapping[str, str], manners: Manners
    ) -> Answer:
        rest = max(manners.total_seconds - manners.connect_seconds, 0.1)
        limits = (manners.connect_seconds, rest)  # curl adds them up
        try:
            response = super().request(
                "GET",
                url,
                params=dict(params),
                headers=dict(headers),
                timeout=limits,
                allow_redirects=False,
            )
        except RequestException as error:
            raise WireError("it did not answer in time, too much, or not at all") from error
        self._last = response
        told = {name.lower(): value or "" for name, value in response.headers.items()}
        return Answer(response.status_code, told, response.content)
