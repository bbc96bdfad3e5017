"""The ASGI app: pages and API by HTTP, live regions by WebSocket."""

import os
from urllib.parse import ParseResult

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()  # Sets Django up: models can be imported from here on.

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import path, re_path

from agentdesk.runs.consumers import QueueConsumer, RunConsumer
from agentdesk.runs.report_consumer import ReportConsumer


class OwnOrigin(OriginValidator):
    """Refuses a page of another site; a program, which sends no Origin, shows its token instead."""

    def valid_origin(self, parsed_origin: ParseResult | None) -> bool:
        return parsed_origin is None or bool(self.validate_origin(parsed_origin))


class NoSuchSocket(AsyncWebsocketConsumer):
    """Answers a socket address nobody serves."""

    async def connect(self) -> None:
        await self.accept()
        await self.close(code=4404)


routes = [
    path("ws/runs/<str:run_id>/", RunConsumer.as_asgi()),
    path("ws/reports/<str:report_id>/", ReportConsumer.as_asgi()),
    path("ws/queue/", QueueConsumer.as_asgi()),
    re_path(r"", NoSuchSocket.as_asgi()),
]
sockets = OwnOrigin(AuthMiddlewareStack(URLRouter(routes)), settings.ALLOWED_HOSTS)
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
