"""Leniency rules by charger model."""

import json
from typing import Any

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.stations.leniency import ModelLeniency, ModelLeniencyNotFoundError

_FIND = """
SELECT id, vendor, model, rules, note FROM model_leniency
 WHERE organization_id = $1 AND lower(vendor) = lower($2) AND lower(model) = lower($3) FOR UPDATE
"""
_PUT = """
INSERT INTO model_leniency AS m (organization_id, vendor, model, rules, note)
VALUES ($1, $2, $3, $4::text::jsonb, $5)
ON CONFLICT (organization_id, lower(vendor), lower(model)) DO UPDATE
   SET rules = EXCLUDED.rules, note = EXCLUDED.note, updated_at = now()
RETURNING id
"""
_REMOVE = """
DELETE FROM model_leniency WHERE organization_id = $1 AND id = $2
RETURNING vendor, model, rules, note
"""


class SqlModelLeniency:
    """Implements csms.domain.stations.leniency.ModelLeniencyStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, actor: Actor, setting: ModelLeniency) -> int:
        """Store a model's rules, new or changed; return their id."""
        vendor, model = storable(setting.vendor.strip()), storable(setting.model.strip())
        rules = dict(sorted(setting.rules.items()))
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                before = await connection.fetchrow(_FIND, actor.organization_id, vendor, model)
                setting_id: int = await connection.fetchval(
                    _PUT,
                    actor.organization_id,
                    vendor,
                    model,
                    json.dumps(rules),
                    storable(setting.note),
                )
                await record_change(
                    connection,
                    actor,
                    "model_leniency.set",
                    ("model_leniency", setting_id),
                    before=None if before is None else _audited(before),
                    after={
                        "vendor": vendor,
                        "model": model,
                        "rules": rules,
                        "note": setting.note,
                    },
                )
        return setting_id

    async def remove(self, actor: Actor, setting_id: int) -> ModelLeniency:
        """Forget a model's rules. Raises ModelLeniencyNotFoundError."""
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                row = await connection.fetchrow(_REMOVE, actor.organization_id, setting_id)
                if row is None:
                    raise ModelLeniencyNotFoundError(
                        f"no leniency of a model {setting_id}", id=setting_id
                    )
                await record_change(
                    connection,
                    actor,
                    "model_leniency.removed",
                    ("model_leniency", setting_id),
                    before=_audited(row),
                )
        return ModelLeniency(row["vendor"], row["model"], json.loads(row["rules"]), row["note"])


def _audited(row: Any) -> dict[str, Any]:
    return {
        "vendor": row["vendor"],
        "model": row["model"],
        "rules": json.loads(row["rules"]),
        "note": row["note"],
    }
