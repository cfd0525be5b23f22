"""The revisions, one a file. What is here is never changed: databases stand at it."""
