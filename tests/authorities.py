"""Lets every client of a test trust one authority only: it reads what it trusts anew each time.

To read all of them takes longer than most tests, and the network is off.
"""

from pathlib import Path
from typing import Final

import certifi

END: Final = "-----END CERTIFICATE-----"


def write_one(file: Path) -> None:
    """Write the first of the usual authorities."""
    usual = Path(certifi.where()).read_text(encoding="utf-8")
    begin, end = usual.index("-----BEGIN"), usual.index(END) + len(END)
    file.write_text(f"{usual[begin:end]}\n", encoding="ascii")
