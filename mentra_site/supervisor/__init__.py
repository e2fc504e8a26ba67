"""`manage.py up`: the whole cloud on one machine. Starts and watches processes; knows no session."""
