"""Who a demand is about, and what is known of them here."""
