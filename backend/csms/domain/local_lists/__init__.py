"""Local authorization lists: kept in step with the id tags, version by version."""
