"""Text in, passages and vectors out.

Knows files, pages, sentences, languages and encoders. Knows no label: nothing
here may import ``labels``, ``models``, ``training`` or ``cli``.
"""
