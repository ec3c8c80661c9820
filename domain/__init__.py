"""The rules: plain functions over plain values, without a clock, a network or a disk."""
