"""The browser page and its server: flip a bit and see what every predictor makes of it.

``questions`` checks what the browser asks, ``view`` and ``answers`` compute it, ``machine`` runs an
NTM under changes to its memory, ``pack`` frames the arrays, ``app`` is the ASGI application.
Nothing here keeps state between two requests but the loaded models.
"""
