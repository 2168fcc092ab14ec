"""The families of REST answers."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter

from app.web.house import House

FAMILIES: Final[tuple[Callable[[APIRouter, House], None], ...]] = ()
