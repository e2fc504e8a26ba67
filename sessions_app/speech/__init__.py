"""Words: what is said becomes text, text becomes another language's text, and text becomes sound.

`node/` is the part in a node: it sends sound to speech workers and takes words back. `worker/` is the process that
recognises, with `engines/`, `translation/` and `voices/`; nothing of these is loaded by a node.
"""
