"""The wire: message classes, stream grammar, codes and codec. Knows no Django, sockets or sessions."""
