"""PostgreSQL: engine, journal with group commit, jobs, stores, models and migrations.

Rules of the business are not here; those are in csms.domain.
"""
