"""What a run counted: messages, answers, errors, latencies, sessions and energy."""

import random
from collections import Counter
from typing import Any

LATENCY_SAMPLES_MAX = 100_000


class Statistics:
    """Counters shared by all chargers of one run; latencies are a bounded fair sample."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.received: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.connects = 0
        self.links_lost = 0
        self.messages_discarded = 0
        self.sessions_started = 0
        self.sessions_stopped = 0
        self.energy_wh = 0
        self._latencies_s: list[float] = []
        self._latencies_seen = 0
        self._random = random.Random(0)

    def count_answer(self, action: str, latency_s: float) -> None:
        """Count one CALLRESULT and its latency in seconds."""
        self.answered[action] += 1
        self._latencies_seen += 1
        if len(self._latencies_s) < LATENCY_SAMPLES_MAX:
            self._latencies_s.append(latency_s)
            return
        slot = self._random.randrange(self._latencies_seen)
        if slot < LATENCY_SAMPLES_MAX:
            self._latencies_s[slot] = latency_s

    def count_error(self, action: str, code: str) -> None:
        """Count one CALL that got a CALLERROR, no answer, or lost its link."""
        self.errors[f"{action}: {code}"] += 1

    def latency_ms(self, percent: float) -> float | None:
        """The latency in milliseconds that this share of answers did not exceed; None if none."""
        if not self._latencies_s:
            return None
        ordered = sorted(self._latencies_s)
        rank = max(0, -(-len(ordered) * percent // 100) - 1)
        return round(ordered[int(rank)] * 1000, 3)

    def as_dict(self) -> dict[str, Any]:
        """All figures under names that carry their unit, ready for JSON."""
        return {
            "messages_sent": sum(self.sent.values()),
            "messages_sent_by_action": dict(sorted(self.sent.items())),
            "answers": sum(self.answered.values()),
            "answers_by_action": dict(sorted(self.answered.items())),
            "commands_received_by_action": dict(sorted(self.received.items())),
            "errors": sum(self.errors.values()),
            "errors_by_kind": dict(sorted(self.errors.items())),
            "latency_p50_ms": self.latency_ms(50),
            "latency_p99_ms": self.latency_ms(99),
            "connects": self.connects,
            "links_lost": self.links_lost,
            "messages_discarded": self.messages_discarded,
            "sessions_started": self.sessions_started,
            "sessions_stopped": self.sessions_stopped,
            "energy_wh": self.energy_wh,
        }
