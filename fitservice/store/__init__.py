"""All the SQL and nothing else; one module per noun. Visibility is in the WHERE clause."""
