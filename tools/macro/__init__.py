"""The economy, as released."""
