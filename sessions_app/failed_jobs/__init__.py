"""Background jobs that failed: kept as rows for operators, who run them again or dismiss them."""
