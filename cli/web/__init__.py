"""The review app: pages on a project, for people with a browser. It knows models and labels.

What a page shows is worked out here and in the store; what is decided goes to the store alone.
"""
