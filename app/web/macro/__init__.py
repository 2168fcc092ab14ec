"""The economy as the page tells it: answers, and the words in them."""
