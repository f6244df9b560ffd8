"""VULNERABLE BY DESIGN: three routes with a hole each, for the hardening drill and nothing else."""
