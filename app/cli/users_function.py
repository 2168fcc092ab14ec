"""A function of the user's own, imported from where the command was given.

What it raises is told in one sentence: it is the user's to mend.
"""

import importlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_type_hints

import pandas as pd

from core.audit.leaks import checked
from core.errors import CallerError
from core.panel import MarketPanels

Given = MarketPanels | pd.DataFrame


def users_signal(name: str, function: Callable[..., object]) -> Callable[[Given], pd.DataFrame]:
    """Return the function as a signal: checked, and its errors told with where its data ended.

    Raises:
        CallerError: when called, the function fails or returns no frame of dates x numbers.
    """

    def signal(given: Given) -> pd.DataFrame:
        last = given.last if isinstance(given, MarketPanels) else given.index[-1].date()
        try:
            answer = function(given)
        except Exception as error:
            raise CallerError(
                f"{name} fails on data until {last} ({type(error).__name__}: {error}); it must "
                "take any history that has begun"
            ) from error
        return checked(answer)

    return signal


def users_function(name: str, folder: Path) -> Callable[..., object]:
    """Return the function `module:function` names, imported as from this folder.

    Raises:
        CallerError: no such module or function, or importing it fails.
    """
    module_name, _, function_name = name.partition(":")
    sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise CallerError(
            f"{name}: {module_name}.py cannot be imported from the working folder "
            f"({type(error).__name__}: {error})"
        ) from error
    finally:
        sys.path.remove(str(folder))
    function = getattr(module, function_name, None)
    if not callable(function):
        raise CallerError(f"{name}: {module_name} has no function {function_name!r}")
    found: Callable[..., object] = function
    return found


def wants_panels(function: Callable[..., object]) -> bool:
    """Tell whether the function's first parameter is declared as `MarketPanels`."""
    first = next(iter(inspect.signature(function).parameters), "")
    return get_type_hints(function).get(first) is MarketPanels
