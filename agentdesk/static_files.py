"""Serving static files from any process, without a web server in front."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise, answering with the file's bytes at once.

    WhiteNoise answers with a synchronous stream, which Django under ASGI warns about and reads whole
    in another thread; our files are a few kilobytes each.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status), headers=dict(found.headers))
        if "Content-Type" not in dict(found.headers):
            del response["Content-Type"]
        return response
