"""What the house writes to usagers: reply templates, found by what they are for."""
