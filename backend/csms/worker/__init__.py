"""Durable jobs and what runs by the clock: claims, leases, retries, schedules.

What a job does is a handler that bootstrap passes in; the queue's storage is an adapter.
"""
