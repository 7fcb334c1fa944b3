"""What runs beside the web: the relay, the workers and the timetable."""
