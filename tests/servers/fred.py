"""A stand-in for FRED's observations API and its CSV table; values have dated vintages."""

from datetime import date

from tests.servers.loopback import Asked, LoopbackServer, Reply, as_json

Vintages = dict[date, dict[date, float | None]]
"""Release date to what was then published: reference date to value; None is FRED's point."""

FAR = "9999-12-31"


class FredServer(LoopbackServer):
    """Series by id; `key` is the one API key it accepts; `today` hides later releases."""

    def __init__(self, series: dict[str, Vintages], *, key: str, today: date) -> None:
        super().__init__()
        self.series, self.key, self.today = series, key, today
        self.value_name = "value"
        self.most_vintages = 2_000

    def answer(self, asked: Asked) -> Reply:
        """Return what FRED would."""
        if asked.path == "/graph/fredgraph.csv":
            return self._table(asked.query["id"])
        if asked.query.get("api_key") != self.key:
            return as_json({"error_code": 400, "error_message": "api_key is not registered"}, 400)
        found = self.series.get(asked.query["series_id"])
        if found is None:
            return as_json({"error_code": 400, "error_message": "series does not exist"}, 400)
        if len(found) > self.most_vintages:
            told = "The number of vintage dates between the dates exceeds the maximum"
            return as_json({"error_code": 400, "error_message": told}, 400)
        rows = self._rows(found, asked.query["realtime_start"], asked.query["realtime_end"])
        first, limit = int(asked.query["offset"]), min(int(asked.query["limit"]), 50)
        page = rows[first : first + limit]
        return as_json({"count": len(rows), "offset": first, "observations": page})

    def _rows(self, vintages: Vintages, start: str, end: str) -> list[dict[str, str]]:
        """Return each value with the span it was the latest in, cut to the asked span."""
        released = [day for day in sorted(vintages) if day <= self.today]
        rows = []
        for period in sorted({p for day in released for p in vintages[day]}):
            told = [(day, vintages[day][period]) for day in released if period in vintages[day]]
            for place, (day, value) in enumerate(told):
                until = str(told[place + 1][0]) if place + 1 < len(told) else FAR
                if str(day) <= end and until > start:
                    rows.append(
                        {
                            "realtime_start": max(str(day), start),
                            "realtime_end": until,
                            "date": str(period),
                            self.value_name: "." if value is None else f"{value:g}",
                        }
                    )
        return rows

    def _table(self, name: str) -> Reply:
        if name not in self.series:
            return Reply(b"<!DOCTYPE html><p>not found", 404)
        latest: dict[date, float | None] = {}
        for day in sorted(self.series[name]):
            if day <= self.today:
                latest |= self.series[name][day]
        lines = [f"{p},{'' if v is None else f'{v:g}'}" for p, v in sorted(latest.items())]
        text = "\n".join([f"observation_date,{name}", *lines])
        return Reply(text.encode(), 200, {"content-type": "text/csv"})
