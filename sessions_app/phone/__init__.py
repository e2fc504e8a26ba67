"""The phone and the glasses it carries: what they are, where they are, what state they are in."""
