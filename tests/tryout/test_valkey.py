import pytest
import redis

from smartcities.tryout.valkey import Valkey
from tests.tryout.conftest import processes_naming


def test_valkey_answers_who_has_the_password_keeps_nothing_and_leaves_nothing(folder):
    valkey = Valkey(log=folder / "log")
    url = valkey.start()
    with redis.Redis.from_url(url) as client:
        client.set("doorbell", "rung")
        assert client.get("doorbell") == b"rung"
        assert client.config_get("save") == {"save": ""}
    with (
        redis.Redis.from_url("redis://" + url.partition("@")[2]) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
    secret = url.partition("redis://:")[2].partition("@")[0]
    assert processes_naming(secret) == []
    assert (folder / "log").stat().st_mode & 0o777 == 0o600
    assert valkey.is_running()
    valkey.stop()
    assert not valkey.is_running()
    assert [file.name for file in folder.iterdir()] == ["log"]
