"""Leniency: every rule with how often it was needed, by model and by charger."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from csms.domain.stations.errors import ChargerNotFoundError
from csms.domain.stations.leniency import ModelLeniencyNotFoundError, NamedRule
from csms.kernel.ids import ChargerId, OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Page, PageRequest, joined, like_pattern

DAYS: Final = 7

_BY_MODEL = """
SELECT l.rule, coalesce(c.vendor, '') AS vendor, coalesce(c.model, '') AS model,
  sum(l.hits)::bigint AS hits, count(DISTINCT l.charger_id) AS chargers, max(l.last_at) AS last_at
FROM leniency_count l JOIN charger c ON c.id = l.charger_id
WHERE l.organization_id = $1 AND l.day > current_date - $2::integer
GROUP BY 1, 2, 3 ORDER BY 4 DESC
"""
_MODELS = """
FROM (
  SELECT lower(vendor) AS vendor_key, lower(model) AS model_key, min(vendor) AS vendor,
    min(model) AS model, count(*) AS chargers
  FROM charger WHERE organization_id = $1 AND archived_at IS NULL AND vendor <> '' AND model <> ''
  GROUP BY 1, 2
) seen FULL JOIN (SELECT * FROM model_leniency WHERE organization_id = $1) m
  ON lower(m.vendor) = seen.vendor_key AND lower(m.model) = seen.model_key
WHERE ($2::text IS NULL OR coalesce(m.vendor, seen.vendor) ILIKE $2
       OR coalesce(m.model, seen.model) ILIKE $2)
"""
_MODEL_COLUMNS = """
SELECT m.id, coalesce(m.vendor, seen.vendor) AS vendor, coalesce(m.model, seen.model) AS model,
  coalesce(seen.chargers, 0) AS chargers, coalesce(m.rules::text, '{}') AS rules, m.note,
  m.updated_at,
  (SELECT coalesce(json_object_agg(h.rule, h.hits), '{}')::text FROM (
     SELECT l.rule, sum(l.hits)::bigint AS hits FROM leniency_count l JOIN charger c ON c.id = l.charger_id
      WHERE l.organization_id = $1 AND l.day > current_date - 7
        AND lower(c.vendor) = lower(coalesce(m.vendor, seen.vendor))
        AND lower(c.model) = lower(coalesce(m.model, seen.model)) GROUP BY 1) h) AS hits
"""
_CHARGER = """
SELECT c.id, c.charge_point_id, c.vendor, c.model, c.is_strict, c.leniency, m.rules AS model_rules
FROM charger c LEFT JOIN model_leniency m ON m.organization_id = c.organization_id
  AND lower(m.vendor) = lower(c.vendor) AND lower(m.model) = lower(c.model)
WHERE c.organization_id = $1 AND c.id = $2
"""
_OF_CHARGER = """
SELECT rule, sum(hits)::bigint AS hits, max(last_at) AS last_at FROM leniency_count
WHERE charger_id = $1 AND day > current_date - $2::integer GROUP BY rule
"""


class RuleUse(msgspec.Struct, frozen=True):
    """How often the chargers of one model needed a rule."""

    vendor: str
    model: str
    hits: int
    chargers: int


class RuleView(msgspec.Struct, frozen=True):
    """A leniency rule. `scope` `meaning` reads anew what is valid, and is off by default."""

    name: str
    deviation: str
    repair: str
    reason: str
    section: str
    scope: str
    is_default: bool
    hits: int
    chargers: int
    last_at: Moment | None
    models: list[RuleUse]


class Rules(msgspec.Struct, frozen=True):
    """Every rule, with its use in the last `days`."""

    days: int
    rules: list[RuleView]


class ModelView(msgspec.Struct, frozen=True):
    """A charger model: what is set for it (`id` null: nothing), and its repairs of the last week."""

    id: int | None
    vendor: str
    model: str
    chargers: int
    rules: dict[str, bool]
    note: str | None
    updated_at: Moment | None
    hits: dict[str, int]


class EffectiveRule(msgspec.Struct, frozen=True):
    """Whether a charger gets a rule, who decided it, and how often it was needed."""

    name: str
    is_on: bool
    decided_by: Literal["strict", "charger", "model", "default"]
    hits: int
    last_at: Moment | None


class ChargerLeniency(msgspec.Struct, frozen=True):
    """What a charger gets: its own word before its model's, its model's before the default."""

    charger_id: int
    charge_point_id: str
    vendor: str | None
    model: str | None
    is_strict: bool
    days: int
    rules: list[EffectiveRule]


async def list_rules(
    database: ReadDatabase,
    organization_id: OrganizationId,
    known: Sequence[NamedRule],
    days: int,
) -> Rules:
    """Return every rule with its use by model."""
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(_BY_MODEL, organization_id, days)
    used: dict[str, list[Row]] = {}
    for row in rows:
        used.setdefault(row["rule"], []).append(row)
    return Rules(days, [_rule(rule, used.get(rule.name, [])) for rule in known])


async def list_models(
    database: ReadDatabase, organization_id: OrganizationId, request: PageRequest
) -> Page[ModelView]:
    """Return the models that chargers reported or something is set for."""
    search = like_pattern(request.search.strip()) if request.search else None
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", _MODELS), organization_id, search
        )
        rows = await connection.fetch(
            joined(_MODEL_COLUMNS, _MODELS, "ORDER BY 2, 3 LIMIT $3 OFFSET $4"),
            organization_id,
            search,
            request.limit,
            request.offset,
        )
    return Page([_model(row) for row in rows], total, request.page, request.limit)


async def get_model(
    database: ReadDatabase, organization_id: OrganizationId, setting_id: int
) -> ModelView:
    """Return what is set for one model. Raises ModelLeniencyNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(_MODEL_COLUMNS, _MODELS, "AND m.id = $3"), organization_id, None, setting_id
        )
    if row is None:
        raise ModelLeniencyNotFoundError(f"no leniency of a model {setting_id}", id=setting_id)
    return _model(row)


async def get_charger_leniency(
    database: ReadDatabase,
    organization_id: OrganizationId,
    charger_id: ChargerId,
    known: Sequence[NamedRule],
    days: int,
) -> ChargerLeniency:
    """Return which rules a charger gets, and by whose word. Raises ChargerNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(_CHARGER, organization_id, charger_id)
        if row is None:
            raise ChargerNotFoundError(f"no charger {charger_id}", charger_id=charger_id)
        used = {one["rule"]: one for one in await connection.fetch(_OF_CHARGER, charger_id, days)}
    return ChargerLeniency(
        charger_id=row["id"],
        charge_point_id=row["charge_point_id"],
        vendor=row["vendor"],
        model=row["model"],
        is_strict=row["is_strict"],
        days=days,
        rules=[_effective(rule, row, used.get(rule.name)) for rule in known],
    )


def _rule(rule: NamedRule, rows: list[Row]) -> RuleView:
    return RuleView(
        name=rule.name,
        deviation=rule.deviation,
        repair=rule.repair,
        reason=rule.reason,
        section=rule.section,
        scope=rule.scope,
        is_default=rule.is_default,
        hits=sum(row["hits"] for row in rows),
        chargers=sum(row["chargers"] for row in rows),
        last_at=max((row["last_at"] for row in rows), default=None),
        models=[RuleUse(row["vendor"], row["model"], row["hits"], row["chargers"]) for row in rows],
    )


def _model(row: Row) -> ModelView:
    return ModelView(
        id=row["id"],
        vendor=row["vendor"],
        model=row["model"],
        chargers=row["chargers"],
        rules=msgspec.json.decode(row["rules"], type=dict[str, bool]),
        note=row["note"],
        updated_at=row["updated_at"],
        hits=msgspec.json.decode(row["hits"], type=dict[str, int]),
    )


def _effective(rule: NamedRule, charger: Row, used: Row | None) -> EffectiveRule:
    off = msgspec.json.decode(charger["leniency"], type=list[str])
    stored = charger["model_rules"]
    of_model = {} if stored is None else msgspec.json.decode(stored, type=dict[str, bool])
    is_on, decided_by = _decided(rule, off, of_model, is_strict=charger["is_strict"])
    return EffectiveRule(
        name=rule.name,
        is_on=is_on,
        decided_by=decided_by,
        hits=0 if used is None else used["hits"],
        last_at=None if used is None else used["last_at"],
    )


def _decided(
    rule: NamedRule, off: list[str], of_model: dict[str, bool], *, is_strict: bool
) -> tuple[bool, Literal["strict", "charger", "model", "default"]]:
    if is_strict:
        return False, "strict"
    if rule.name in off:
        return False, "charger"
    if rule.name in of_model:
        return of_model[rule.name], "model"
    return rule.is_default, "default"
