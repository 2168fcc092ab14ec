"""Decides whether the extra that networks need is there; it loads nothing."""

from importlib.util import find_spec

from core.errors import DataError

READING = ("safetensors",)
TRAINING = ("flax", "jax", "optax", *READING)


def needed(packages: tuple[str, ...]) -> None:
    """Raise DataError, naming what to install, unless every package is there."""
    absent = [package for package in packages if find_spec(package) is None]
    if absent:
        raise DataError(
            f"{', '.join(absent)} not installed; networks need the extra `deep`: "
            "pip install --require-hashes -r requirements/deep.lock"
        )
