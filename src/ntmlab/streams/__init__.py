"""A user's own data: what predictors and compressors make of files, and files as codes."""
