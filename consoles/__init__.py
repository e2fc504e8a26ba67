"""Pages for people: developers and operators. Writes only through the services of the lower apps."""
