"""What is done to the centre's words: loaded from files, drafted and published on screen."""
