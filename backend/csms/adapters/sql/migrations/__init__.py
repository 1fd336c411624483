"""Migrations, applied in order under an advisory lock by csms.adapters.sql.migrate."""
