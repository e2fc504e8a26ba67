"""Who may draw on the glasses."""
