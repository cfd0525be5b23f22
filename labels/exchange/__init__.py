"""Result files: what ``classify`` writes for people and for other tools.

``interface`` picks the writer by the file's ending; one module holds one format. Knows
suggestions and the codebook, not the models that made them.
"""
