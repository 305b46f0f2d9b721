"""S3 as a real store: objects lie on the disk in volumes, multipart uploads and conditional writes are its own."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from tests.clouds.cloud import ACCESS_KEY, SECRET_KEY, Cloud
from tests.clouds.server import Server, free_ports, installed, until_started

_LISTENERS = ("s3", "master", "volume", "filer")


class Seaweedfs(Cloud):
    """A SeaweedFS of one's own, S3 only; a `with` starts it and takes it away."""

    def __init__(self) -> None:
        super().__init__()
        self._program = installed("weed")
        self._server = Server()
        self._made = 0

    def start(self) -> Self:
        """Start it."""
        until_started(self._start)
        return self

    def _start(self) -> None:
        names = [f"{name}.{kind}" for name in _LISTENERS for kind in ("port", "port.grpc")] + ["admin.port.grpc"]
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.point_at(ports["s3.port"])
        folder = self._server.folder
        command: list[str | Path] = [
            self._program,
            "mini",
            f"-dir={folder / 'data'}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            *(f"-{name}={port}" for name, port in ports.items()),
            *(f"-{name}.localSocket={folder / name}.sock" for name in ("s3", "filer")),
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.autoCreateBucket=false",  # as S3: a bucket that is missing is an error
            "-admin.ui=false",
            "-webdav=false",
            "-master.telemetry=false",
        ]
        (folder / "data").mkdir(exist_ok=True)
        keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
        self._server.launch(command, keys, self._takes_objects)

    def _takes_objects(self) -> bool:
        """Whether it stores: its S3 door answers before its volumes are there."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.client("s3").put_object(Bucket=self.make_bucket("is-it-ready"), Key="a", Body=b"x")
        except (BotoCoreError, ClientError):
            return False
        return True

    def make_bucket(self, name: str) -> str:
        """An empty bucket; returns its name, which is another one each time: the last one's end takes a while."""
        self._made += 1
        name = f"{name}-{self._made}"
        self.client("s3").create_bucket(Bucket=name)
        return name

    def empty(self) -> None:
        """Remove every bucket with what is in it."""
        s3 = self.client("s3")
        for bucket in [found["Name"] for found in s3.list_buckets()["Buckets"]]:
            try:
                for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
                    for found in page.get("Contents", []):
                        s3.delete_object(Bucket=bucket, Key=found["Key"])
                s3.delete_bucket(Bucket=bucket)
            except s3.exceptions.NoSuchBucket:  # it was listed for longer than it was there
                continue

    def remove(self) -> None:
        """Stop it and remove what it wrote."""
        self.close()
        self._server.remove(patience_s=0)  # it would wait for its parts to take leave of each other

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.remove()
