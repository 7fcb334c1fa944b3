"""What a demand may be about: domains, categories, their questions, the words of danger."""
