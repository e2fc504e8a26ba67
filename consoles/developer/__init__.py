"""The Developer Console: an admin site on which people see and change what their organizations own."""
