"""What an attacker can say, wherever a text can stand, and the proof that nothing comes of it."""
