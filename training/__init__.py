"""Labelled passages in; a fitted model and its scorecard out."""
