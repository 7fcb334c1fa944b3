"""What works behind the screens: the relay claims, the workers do, the timetable remembers the hour."""
