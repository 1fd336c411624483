"""The business: entities, states, pure rules and use cases per feature, and the ports they need.

No I/O, no SQL, no HTTP and no OCPP words here.
"""
