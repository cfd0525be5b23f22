"""The tests; a package, so that a library that ships one of this name does not hide them."""
