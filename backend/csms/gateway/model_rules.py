"""Leniency by model at the sockets: what a charger gets once it says what it is, or once it is set."""

from csms.domain.stations.leniency import ModelLeniency
from csms.domain.transactions.admission import Admissions
from csms.gateway.connection import Connection
from csms.gateway.errands import Errands
from csms.gateway.registry import Registry
from csms.kernel.facts import ChargerBooted
from csms.kernel.ids import OrganizationId


class ModelRules:
    """Keeps the rules of connected chargers those of their model."""

    def __init__(self, admissions: Admissions, registry: Registry, errands: Errands) -> None:
        self._admissions = admissions
        self._registry = registry
        self._errands = errands

    def booted_as(self, connection: Connection, fact: ChargerBooted) -> None:
        """Give a charger that turns out to be of another model that model's rules."""
        charger = connection.charger
        known = _key(charger.vendor, charger.model)
        charger.vendor, charger.model = fact.vendor, fact.model
        if known != _key(fact.vendor, fact.model):
            self._errands.run(self._look_up(connection), "the leniency of a model")

    async def use(self, organization_id: OrganizationId, setting: ModelLeniency) -> None:
        """Give this node's connected chargers of a model their new rules at once."""
        wanted = _key(setting.vendor, setting.model)
        for connection in self._registry:
            charger = connection.charger
            is_one = _key(charger.vendor, charger.model) == wanted
            if is_one and charger.organization_id == organization_id:
                charger.model_rules = dict(setting.rules)
                connection.use_rules()

    async def _look_up(self, connection: Connection) -> None:
        charger = connection.charger
        charger.model_rules = await self._admissions.model_rules(
            charger.organization_id, charger.vendor or "", charger.model or ""
        )
        connection.use_rules()


def _key(vendor: str | None, model: str | None) -> tuple[str, str]:
    return (vendor or "").lower(), (model or "").lower()
