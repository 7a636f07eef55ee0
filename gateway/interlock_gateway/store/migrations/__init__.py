"""The schema, step by step. Alembic runs the steps; nothing else in the gateway uses it or SQLAlchemy."""
