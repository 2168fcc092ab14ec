"""The questions asked of the product, and what a good answer to each must have."""
