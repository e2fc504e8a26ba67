"""Random faults by a seeded plan, and what must hold whatever happened: a plan, actors, faults, a checker."""
