"""The closed vocabularies of English and Vietnamese: what users may say and how we print."""
