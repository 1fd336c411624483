"""Where chargers knock: handshake, sockets, the inbound path, calls to chargers, who is connected.

No SQL, no HTTP routes and no wire types of OCPP; those stay in adapters, api and ocpp.
"""
