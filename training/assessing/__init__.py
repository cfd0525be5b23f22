"""How good a model is on labelled passages, and how sure that is.

``passages`` holds what is measured on, ``labelled_files`` and ``review_files`` read it, ``memory``
says which of it a model has learned from, its neighbour ``ground`` has the
predictions of heads that had not.
``resampling`` says how sure a figure is, ``scores`` makes the tables, ``confusion``,
``reliability`` and ``curves`` what they leave open, ``paired`` sets two models side by side,
``doubtful`` lists labels to look at again, ``assessment`` is all of it together. Prints nothing
and draws nothing.
"""
