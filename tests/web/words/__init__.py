"""The centre’s words on screen."""
