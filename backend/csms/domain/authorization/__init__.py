"""Who may charge: id tags, their people, their credit."""
