"""The budget gate: checks the cost of a plan before any device is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Budget:
    """Limits of one DAG run. A plan that meets a limit exactly is within it."""

    max_cost: float
    max_device_hours: float
    max_makespan_hours: float
    max_refused_ratio: float

    def faults(self, plans: Iterable[Mapping[str, Any]]) -> list[str]:
        """Every limit that the plans together exceed; none if the run may start."""
        plans = list(plans)
        found = []
        for name, limit, unit in (
            ("cost", self.max_cost, "in the price's currency"),
            ("device_hours", self.max_device_hours, "hours"),
            ("makespan_hours", self.max_makespan_hours, "hours"),
        ):
            values = [plan.get(name) for plan in plans]
            if any(not isinstance(value, (int, float)) for value in values):
                found.append(f"the plan gives no {name}")
            elif not sum(values) <= limit:  # a NaN is over every limit
                found.append(f"{name} {sum(values):g} is over the limit of {limit:g} {unit}")
        total = sum(plan["rows"]["total"] for plan in plans)
        refused = sum(entry["rows"] for plan in plans for entry in plan.get("refused") or [])
        if refused > self.max_refused_ratio * total:
            found.append(f"{refused} of {total} rows would be refused, more than the share {self.max_refused_ratio:g}")
        return found
