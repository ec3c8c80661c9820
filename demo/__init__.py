"""A firm to look at: embedded servers, made-up or recorded customers, and a quarter in minutes."""
