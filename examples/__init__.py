"""Complete mini apps, small enough to read in one go. They use mentra_sdk and nothing of the cloud."""
