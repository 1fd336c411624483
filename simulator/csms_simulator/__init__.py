"""Virtual OCPP 1.6 chargers for people, demos and tests; run with `python -m csms_simulator`.

Built on the public `ocpp` library alone; the server's code is never imported here.
"""
