"""A browser in which an operator is logged in."""

import pytest
from django.test import Client

from tests.support.personas import make_user

OPERATOR = "operator@example.com"


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    """A browser of somebody with all rights on the operators' site."""
    client.force_login(make_user(OPERATOR, staff=True))
    return client
