"""The usual way: FastAPI WebSocket, the `ocpp` library, one ORM create per message.

Nothing here is part of the product; it exists to be measured beside it.
"""
