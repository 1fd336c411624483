"""The charging-station management system."""
