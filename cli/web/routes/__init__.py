"""The pages of the review app, a module each; ``app.py`` mounts the ``router`` of every one."""
