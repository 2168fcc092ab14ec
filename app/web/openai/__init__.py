"""The interface that chat clients of OpenAI-compatible servers already speak."""
