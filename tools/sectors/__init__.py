"""Where sectors stand, what they earn and what is expected of them."""
