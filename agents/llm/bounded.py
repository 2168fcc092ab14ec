"""A language model that is asked only within what a run may spend, in turn, and for so long."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from agents.llm.protocol import LanguageModel, ModelAnswer, each_again
from agents.llm.tokens import pieces_count
from agents.llm.wrapped import Wrapped
from agents.toolbox.calls import content_sha256
from agents.toolbox.purse import Purse
from core.errors import LimitError, OverBudgetError, ProviderError
from core.records.budget import Budget, Cost

NAME_CHARS = 32


class Slots(Protocol):
    """So many questions at once, of all processes."""

    def one(self) -> AbstractAsyncContextManager[None]:
        """Hold one while the block runs; whoever finds none waits."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bears a run's questions, and how long one may take.

    Attributes:
        run: whose questions they are.
        seconds: for one question, with its wait for a slot and its retries.
        left: seconds the run has left; None without an end.
        purse: where they are booked, on `accounts`; None: nowhere.
        usd: what tokens read and written cost; None: nobody stated a price, no money is booked.
        slots: None: no question waits for others'.
    """

    run: str
    seconds: float
    left: float | None = None
    purse: Purse | None = None
    accounts: Callable[[], Mapping[str, Budget]] = dict
    usd: Callable[[int, int], float] | None = None
    slots: Slots | None = None

    def cost(self, read: int, written: int) -> Cost:
        """Return what sending one question once costs."""
        usd = 0.0 if self.usd is None else self.usd(read, written)
        return Cost(calls_count=1, tokens_count=read + written, usd=usd)


class BoundedModel(Wrapped):
    """Wraps a model for one run; each time a question is sent is booked.

    What an endpoint does not count stands at its most.
    """

    def __init__(self, model: LanguageModel, bounds: Bounds) -> None:
        super().__init__(model)
        self._bounds = bounds
        end = None if bounds.left is None else asyncio.get_running_loop().time() + bounds.left
        self._end = end

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the answer.

        Raises:
            OverBudgetError: it does not fit what is left, or the run's time ended.
            ProviderError: as the wrapped model, or its slots were taken for too long.
            SectorwiseError: as the wrapped model.
        """
        left = self._left()
        if left <= 0:
            raise OverBudgetError("the run's time is over")
        whole = f"{system}\n{user}\n{max_tokens}"
        name = f"model-{content_sha256(whole)[:NAME_CHARS]}"
        booked = _Booked(self._bounds, name)
        read = pieces_count(system) + pieces_count(user) + pieces_count(json.dumps(schema))
        try:
            async with asyncio.timeout(min(left, self._bounds.seconds)):
                async with self._bounds.slots.one() if self._bounds.slots else nullcontext():
                    await booked.reserve(self._bounds.cost(read, max_tokens))
                    with each_again(booked.again):
                        answer = await self._model.complete(
                            system=system, user=user, schema=schema, max_tokens=max_tokens
                        )
        except TimeoutError as error:
            if left < self._bounds.seconds:
                raise OverBudgetError("the run's time ended while its model was asked") from error
            raise ProviderError(f"no answer of {self.name} in time") from error
        except OverBudgetError:
            raise
        except LimitError:
            await booked.settle(Cost(calls_count=1))
            raise
        await booked.settle(self._counted(answer, read=read, most=max_tokens))
        return answer

    def _left(self) -> float:
        if self._end is None:
            return float("inf")
        return self._end - asyncio.get_running_loop().time()

    def _counted(self, answer: ModelAnswer, *, read: int, most: int) -> Cost:
        told = (answer.input_tokens, answer.output_tokens)
        return self._bounds.cost(
            read if told[0] is None else told[0], most if told[1] is None else told[1]
        )


class _Booked:
    """One question's bookings: one for each time it is sent."""

    def __init__(self, bounds: Bounds, question: str) -> None:
        self._bounds, self._question = bounds, question
        self._times, self._most = 0, Cost()

    @property
    def _name(self) -> str:
        return self._question if self._times == 1 else f"{self._question}-{self._times}"

    async def reserve(self, most: Cost) -> None:
        """Book what sending it costs at most; refuse where that is not left."""
        self._times, self._most = self._times + 1, most
        bounds = self._bounds
        if bounds.purse is None:
            return
        short = await asyncio.to_thread(
            bounds.purse.taken, bounds.accounts(), most, run=bounds.run, name=self._name
        )
        if short is not None:
            raise OverBudgetError(f"the budget of {short} is used up")

    async def again(self, refused: bool) -> None:
        """Book it once more; what came of the last time stands at its most unless refused."""
        if refused:
            await self.settle(Cost(calls_count=1))
        await self.reserve(self._most)

    async def settle(self, cost: Cost) -> None:
        """Let the last time have cost that."""
        bounds = self._bounds
        if bounds.purse is not None:
            await asyncio.to_thread(
                bounds.purse.settled, bounds.accounts(), {self._name: cost}, run=bounds.run
            )
