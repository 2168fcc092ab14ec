"""Cases asked of the product itself, on tapes or while a tape is made."""
