"""Reads the output of the job by URI: a local folder or an S3 bucket.

Arrow reads both, and Parquet too, so no other client is needed. Credentials come from the AWS chain (role, then
environment), the region from AWS_REGION, and the address of another server from AWS_ENDPOINT_URL.
"""

from __future__ import annotations

import functools
import os
from urllib.parse import unquote, urlsplit

from pyarrow import fs


class MissingObject(Exception):
    """There is no object at the URI."""


def read(uri: str) -> bytes:
    store, path = locate(uri)
    try:
        with store.open_input_stream(path) as stream:
            return stream.read()
    except FileNotFoundError:
        raise MissingObject(uri) from None


def size(uri: str) -> int | None:
    """The size of the object in bytes, or None if there is none."""
    store, path = locate(uri)
    info = store.get_file_info(path)
    return info.size if info.type == fs.FileType.File else None


def children(uri: str) -> list[str]:
    """The URIs of the objects directly in a folder, sorted; empty if there is no such folder."""
    store, path = locate(uri)
    infos = store.get_file_info(fs.FileSelector(path, recursive=False, allow_not_found=True))
    return sorted(f"{uri.rstrip('/')}/{info.base_name}" for info in infos)


def locate(uri: str) -> tuple[fs.FileSystem, str]:
    """The file system and the path in it. Accepts s3a:// and s3://, file:/ and file:///, and absolute paths."""
    parts = urlsplit(uri)
    if parts.scheme in ("s3", "s3a"):
        return _s3(), f"{parts.netloc}{parts.path}".rstrip("/")
    if parts.scheme == "file":
        return fs.LocalFileSystem(), unquote(parts.path)
    if parts.scheme == "" and uri.startswith("/"):
        return fs.LocalFileSystem(), uri
    raise ValueError(f"Cannot read {uri}: expected s3a://bucket/key, file:///path or an absolute path")


@functools.cache
def _s3() -> fs.S3FileSystem:
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        return fs.S3FileSystem()
    parts = urlsplit(endpoint)
    return fs.S3FileSystem(scheme=parts.scheme, endpoint_override=parts.netloc)
