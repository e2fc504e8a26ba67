"""To-do list: on the glasses and on a page of its own. A FastAPI app with a mini app in it."""
