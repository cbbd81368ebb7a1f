"""Operations with a readable reference and a fast native implementation, one folder each.

Nothing here knows of models. Every fast path equals its reference in outputs and gradients.
"""
