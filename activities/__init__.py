"""Side effects, one class per thing they are about. Only these write a follow-up's state."""
