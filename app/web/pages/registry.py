"""The pages, in the order of the navigation."""

from typing import Final

from app.web.pages.page import Page

PAGES: Final = (
    Page("desk", "/"),
    Page("heat", "/heatmap"),
    Page("sector", "/sectors/{sector}", nav=False),
    Page("macro", "/macro"),
    Page("allocation", "/allocation"),
    Page("reports", "/reports"),
    Page("report", "/reports/{run}", nav=False),
    Page("compare", "/compare", nav=False),
    Page("record", "/record"),
    Page("alerts", "/alerts"),
    Page("servers", "/servers"),
)
