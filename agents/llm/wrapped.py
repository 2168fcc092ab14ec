"""What every model around a model has of the one inside: its name and its server."""

from agents.llm.protocol import LanguageModel


class Wrapped:
    """Goes by the name of the model it asks."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The wrapped model's name."""
        return self._model.name

    @property
    def server(self) -> str:
        """The wrapped model's server."""
        return self._model.server
