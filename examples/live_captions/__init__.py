"""Live captions: what is said near the wearer, as text on the glasses while it is spoken."""
