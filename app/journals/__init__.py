"""Write-once logs: every call made, every strategy tried."""
