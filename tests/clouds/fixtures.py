"""Emulated clouds as fixtures: one process for the whole run, empty before each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sightline.cloud.clients import close_clients
from sightline.settings import get_settings
from tests.clouds.cloud import Cloud
from tests.clouds.ministack import Ministack
from tests.clouds.moto import Moto
from tests.clouds.seaweedfs import Seaweedfs


@pytest.fixture(scope="session")
def _ministack() -> Iterator[Ministack]:
    with Ministack() as cloud:
        yield cloud


@pytest.fixture
def ministack(_ministack: Ministack) -> Ministack:
    """An empty AWS that checks signatures. It is the run's: who stops it takes a `Ministack()` of their own."""
    _ministack.reset()
    return _ministack


@pytest.fixture(scope="session")
def _moto() -> Iterator[Moto]:
    with Moto() as cloud:
        yield cloud


@pytest.fixture
def moto_cloud(_moto: Moto) -> Moto:
    """An empty AWS after another reading of its manual; any signature will do."""
    _moto.reset()
    return _moto


@pytest.fixture(scope="session")
def _seaweedfs() -> Iterator[Seaweedfs]:
    with Seaweedfs() as cloud:
        yield cloud


@pytest.fixture
def seaweedfs(_seaweedfs: Seaweedfs) -> Seaweedfs:
    """An S3 that keeps its objects on the disk; what `make_bucket` returns is an empty bucket's name."""
    _seaweedfs.empty()
    return _seaweedfs


@pytest.fixture
def cloud_environment(ministack: Ministack) -> Iterator[Ministack]:
    """`ministack`, as the cloud that this process finds in its environment."""
    with in_cloud(ministack):
        yield ministack


@contextmanager
def in_cloud(cloud: Cloud) -> Iterator[None]:
    """Let this process find that cloud in its environment, for the time of a `with`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.environment.items():
            patch.setenv(name, value)
        close_clients()
        get_settings.cache_clear()
        yield
    close_clients()
    get_settings.cache_clear()
