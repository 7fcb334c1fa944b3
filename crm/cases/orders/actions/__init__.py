"""Who asks for a work order, and who does it."""
