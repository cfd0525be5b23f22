"""Commands: words, exit codes and streams. One file a command."""
