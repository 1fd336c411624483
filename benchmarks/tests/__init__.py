"""Tests of the measuring instruments: histogram, generator, stand-in, report."""
