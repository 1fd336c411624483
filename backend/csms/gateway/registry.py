"""Which charger is connected to this node. The newest connection wins at once."""

from collections.abc import Iterator

from csms.gateway.connection import Connection
from csms.kernel.ids import ChargerId


class Registry:
    """The connections of this node by charger."""

    def __init__(self) -> None:
        self._connections: dict[ChargerId, Connection] = {}

    def __len__(self) -> int:
        return len(self._connections)

    def __iter__(self) -> Iterator[Connection]:
        """Walk over a copy, so that connections may come and go meanwhile."""
        return iter(tuple(self._connections.values()))

    def find(self, charger_id: ChargerId) -> Connection | None:
        """Return the charger's connection on this node, or None."""
        return self._connections.get(charger_id)

    def is_newest(self, connection: Connection) -> bool:
        """Whether no connection of a higher epoch is here."""
        standing = self._connections.get(connection.charger.id)
        return standing is None or standing.epoch <= connection.epoch

    def put(self, connection: Connection) -> Connection | None:
        """Register a connection; return the older one that it replaces, which must fall silent."""
        charger_id = connection.charger.id
        replaced = self._connections.get(charger_id)
        self._connections[charger_id] = connection
        return replaced

    def remove(self, connection: Connection) -> bool:
        """Forget a connection; False when a newer one had taken its place."""
        charger_id = connection.charger.id
        if self._connections.get(charger_id) is not connection:
            return False
        del self._connections[charger_id]
        return True
