"""The benchmark of TaskFlow: see bench/README.md."""
