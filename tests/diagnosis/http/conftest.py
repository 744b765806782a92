"""The site that the tests of this folder ask."""

from tests.diagnosis.http.asked_pages import site  # noqa: F401
