"""From confirmed labels to the synthesis: counts, quotations, estimates and the report.

Everything here is worked out from a ``Material``, which ``material.py`` describes and
``labels/store/material.py`` reads: confirmed passages of included evaluations. No suggestion of a
model is in it but for the estimates, which are kept apart and named so.
"""
