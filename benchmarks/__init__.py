"""How fast the product is beside a bare workflow: `python -m benchmarks`, docs/performance.md."""
