// The chat beside every page.
