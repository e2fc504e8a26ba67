"""The first-run tour: five steps from an empty console to the words of one's own app on glasses."""
