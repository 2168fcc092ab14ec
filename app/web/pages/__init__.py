"""The pages: server-rendered frames that scripts of ours fill from the REST answers."""
