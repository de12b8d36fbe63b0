import pytest
import redis

from smartcities.tryout.valkey import Valkey

pytestmark = pytest.mark.processes


def test_valkey_answers_keeps_nothing_and_leaves_nothing(folder):
    valkey = Valkey(log=folder / "log")
    url = valkey.start()
    with redis.Redis.from_url(url) as client:
        client.set("doorbell", "rung")
        assert client.get("doorbell") == b"rung"
        assert client.config_get("save") == {"save": ""}
    assert valkey.is_running()
    valkey.stop()
    assert not valkey.is_running()
    assert [file.name for file in folder.iterdir()] == ["log"]
