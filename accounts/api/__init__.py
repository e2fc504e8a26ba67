"""What every REST endpoint shares: who asks, how bodies are read, how a refusal is worded (rest §1)."""
