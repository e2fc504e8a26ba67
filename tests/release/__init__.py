"""What `make release` makes: the packages, and that they work where nothing else of the project is."""
