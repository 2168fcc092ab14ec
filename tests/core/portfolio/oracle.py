"""The allocation problem written a second time, for cvxpy, from the records alone."""

import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from core.records.mandate import Mandate
from tests.core.portfolio.mandates import Case

UNIT = 0.001
EASE = 1e-6
USED: Counter[str] = Counter()
Vector = np.ndarray


@dataclass
class Posed:
    """Variables and named constraints; `slack` eases every named one."""

    weights: cp.Variable
    cash: cp.Variable
    slack: cp.Variable
    named: dict[str, list[cp.Constraint]]
    always: list[cp.Constraint]
    error: cp.Expression


def down(value: float) -> float:
    return float(np.floor(value / UNIT + 1e-6) * UNIT)


def up(value: float) -> float:
    return float(np.ceil(value / UNIT - 1e-6) * UNIT)


def posed(case: Case, mandate: Mandate) -> Posed:
    problem = case.problem()
    names, start = problem.start.sectors, problem.start
    n = len(names)
    bench, held = start.benchmark[:-1] * UNIT, start.reference[:-1] * UNIT
    held_cash, outside = int(start.reference[-1]) * UNIT, start.outside * UNIT
    w, c, s = cp.Variable(n), cp.Variable(), cp.Variable()
    at = {name: place for place, name in enumerate(names)}
    root = np.linalg.cholesky(problem.view.covariance + 1e-14 * np.eye(n)).T
    error = cp.norm(root @ (w - bench))
    always = [w >= 0, c >= 0, cp.sum(w) + c == 1 - outside]
    if case.portfolio is None:
        always.append(c <= up(mandate.cash_floor))
    most = np.full(n, down(mandate.sector_cap))
    named: dict[str, list[cp.Constraint]] = {"sector_cap": [w <= most + s]}
    own = most.copy()
    for row in mandate.caps:
        named[f"caps.{row.sector}"] = [w[at[row.sector]] <= down(row.cap) + s]
        own[at[row.sector]] = min(own[at[row.sector]], down(row.cap))
    for least in mandate.floors:
        named[f"floors.{least.sector}"] = [w[at[least.sector]] >= up(least.floor) - s]
    for name in mandate.excluded:
        named[f"excluded ({name})"] = [w[at[name]] <= s]
        own[at[name]] = 0.0
    active = down(mandate.active_cap)
    below = np.minimum(bench - active, own)
    named["active_cap"] = [w <= bench + active + s, w >= below - s]
    traded = cp.norm1(w - held) + cp.abs(c - held_cash)
    named["turnover"] = [traded <= 2 * (down(mandate.turnover) + s)]
    named["cash_floor"] = [c >= up(mandate.cash_floor) - s]
    named["cash_cap"] = [c <= down(mandate.cash_cap) + s]
    if mandate.tracking_error_pct is not None:
        named["tracking_error_pct"] = [error <= mandate.tracking_error_pct / 100 + s]
    named |= _looked_through(case, mandate, w, s, at)
    return Posed(w, c, s, named, always, error)


def _looked_through(
    case: Case, mandate: Mandate, w: cp.Variable, s: cp.Variable, at: Mapping[str, int]
) -> dict[str, list[cp.Constraint]]:
    positions = case.portfolio.positions if case.portfolio else ()
    named: dict[str, list[cp.Constraint]] = {}

    def held(symbols: Iterable[str]) -> cp.Expression:
        chosen = set(symbols)
        row = np.zeros(len(at))
        for trading in case.trading.rows:
            if trading.symbol in chosen and trading.sector is not None:
                row[at[trading.sector]] += (trading.basket_weight_pct or 0.0) / 100
        beside = sum(p.held_weight for p in positions if p.sector is None and p.symbol in chosen)
        return row @ w + beside

    for group in mandate.groups:
        if group.sectors:
            total = cp.sum([w[at[name]] for name in group.sectors])
            named[f"groups.{group.name}"] = [total <= down(group.cap) + s]
        else:
            named[f"groups.{group.name}"] = [held(group.symbols) <= group.cap + s]
    if mandate.issuer_cap is not None:
        symbols = {row.symbol for row in case.trading.rows} | {p.symbol or "" for p in positions}
        for symbol in sorted(symbols):
            named[f"issuer_cap ({symbol})"] = [held([symbol]) <= mandate.issuer_cap + s]
    return named


Options = Mapping[str, object]

ACTIVE_SET: Options = {"solver": cp.HIGHS}
SPLITTING: Options = {
    "solver": cp.SCS, "eps_abs": 1e-10, "eps_rel": 1e-10, "max_iters": 400_000,
}  # fmt: skip
INTERIOR: Options = {
    "solver": cp.CLARABEL, "tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9,
}  # fmt: skip


def missed(case: Case, mandate: Mandate, names: Iterable[str] | None = None) -> float:
    """Return the least by which the named limits, all by default, must be passed."""
    model = posed(case, mandate)
    chosen = list(model.named) if names is None else list(names)
    rows = [row for name in chosen for row in model.named[name]]
    wanted = cp.Problem(cp.Minimize(model.slack), [*model.always, *rows, model.slack >= -1.0])
    cone = "tracking_error_pct" in chosen
    solve(wanted, *((INTERIOR, SPLITTING) if cone else (ACTIVE_SET, INTERIOR)))
    return float(model.slack.value)


def solve(problem: cp.Problem, *solvers: Options) -> None:
    """Solve by the first of the solvers that is sure of its answer."""
    for options in solvers:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            try:
                problem.solve(**options)
            except cp.SolverError:
                continue
        if problem.status == cp.OPTIMAL:
            USED[str(options["solver"])] += 1
            return
    raise AssertionError(f"no solver is sure: {problem.status}")


def best(case: Case) -> Vector:
    """Return the best weights of sectors, then cash, of a mandate that can be met."""
    problem, model = case.problem(), posed(case, case.mandate)
    cone = case.mandate.tracking_error_pct is not None
    solvers = (SPLITTING, INTERIOR) if cone else (ACTIVE_SET, SPLITTING, INTERIOR)
    view, still = problem.view, problem.still[:-1]
    bench = problem.start.benchmark[:-1] * UNIT
    rules = [*model.always, *(row for rows in model.named.values() for row in rows)]
    rules.append(model.slack == 0)
    if still.any():
        held = problem.start.reference[:-1] * UNIT
        away = cp.Problem(cp.Minimize(cp.sum_squares(model.weights[still] - held[still])), rules)
        solve(away, *solvers)
        near = model.weights.value[still] / UNIT
        rules.append(model.weights[still] >= np.floor(near + 1e-3) * UNIT)
        rules.append(model.weights[still] <= np.ceil(near - 1e-3) * UNIT)
    active = model.weights - bench
    risk = cp.sum_squares(np.linalg.cholesky(view.covariance).T @ active)
    gain = view.alpha @ active - view.risk_aversion / 2 * risk
    wanted = cp.Problem(cp.Maximize(gain), rules)
    solve(wanted, *solvers)
    return np.append(model.weights.value, float(model.cash.value))
