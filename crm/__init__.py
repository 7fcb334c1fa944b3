"""Sans Couture: every demand from every channel in one common CRM, routed, traced and answered."""
