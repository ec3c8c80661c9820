"""Ways to tell our own people: mail, and a channel of a chat."""
