"""What `make run` and `make test` start: PostgreSQL, Valkey and the portal's own processes."""
