"""Whether what was asked is understood, answered, kept in mind, or refused as it should be."""
