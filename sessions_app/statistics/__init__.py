"""What apps did hour by hour, counted from history by a background job: starts, failures, time connected, webhooks."""
