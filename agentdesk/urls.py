"""Every route of the house; each room's own routes are included, not listed."""

from django.urls import URLPattern, URLResolver, include, path

from agentdesk.api.api import api
from agentdesk.health import show_health, show_readiness

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", show_health, name="healthz"),
    path("readyz", show_readiness, name="readyz"),
    path("api/v1/", api.urls),
    path("", include("agentdesk.people.urls")),
    path("", include("agentdesk.pages.urls")),
]
