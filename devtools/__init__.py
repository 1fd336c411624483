"""What run.py does, in the standard library: set-up, prerequisites of tests, checks in order.

Not here: anything of the product; nothing of this is shipped.
"""
