"""Our own media server, a process of its own (`manage.py media_server`): no node loads anything of this.

`rtmp/` and `srt.py` take video in, `broadcast.py` holds who is live, `feed.py` hands it to ffmpeg, which writes what
browsers play and pushes it on; `web.py` is the HTTP side for viewers and for nodes.
"""
