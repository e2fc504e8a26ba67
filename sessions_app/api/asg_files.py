"""The files of glasses themselves: films come, pictures and films go, piece by piece (rest §2).

An address is the secret: nobody can guess it. What is fetched is a file to be saved and never a page.
"""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.core.files.base import File
from django.http import Http404, HttpRequest, JsonResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.api.refusals import unsuccessful
from sessions_app.errors import StorageAway
from sessions_app.media.gallery_files import UnusableFilm, open_file
from sessions_app.media.glasses_gallery import NotAwaited, find_item, take_video

_CHUNK_BYTES = 256 * 1024


@csrf_exempt
@require_http_methods(["PUT"])
def receive_video(request: HttpRequest, token: str) -> JsonResponse:
    """Take a film at the address its glasses were told."""
    try:
        item = take_video(token, request)
    except NotAwaited:
        problem = "No film is awaited here; it came already, or too late. Ask for a new address."
        return JsonResponse(unsuccessful(problem), status=404)
    except UnusableFilm as unusable:
        return JsonResponse(unsuccessful(str(unusable)), status=400)
    except StorageAway as away:
        return JsonResponse(unsuccessful(str(away)), status=503)
    return JsonResponse({"success": True, "id": str(item.pk)})


@require_safe
def serve_item(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Answer with a picture or film to whoever knows its name."""
    item = find_item(name)
    file = open_file(item) if item is not None else None
    if item is None or file is None:
        raise Http404
    answer = StreamingHttpResponse(_pieces(file), content_type=item.mime_type)
    answer["Content-Length"] = str(item.size)
    answer["Content-Disposition"] = content_disposition_header(True, item.filename) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


async def _pieces(file: "File[bytes]") -> AsyncIterator[bytes]:
    """Yield the file: never all of it is in memory, and the event loop does not wait for the disk."""
    read = sync_to_async(file.read, thread_sensitive=False)
    try:
        while piece := await read(_CHUNK_BYTES):
            yield piece
    finally:
        file.close()
