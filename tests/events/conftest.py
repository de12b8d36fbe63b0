from tests.mailing.conftest import one_sink, processes, sink

__all__ = ["one_sink", "processes", "sink"]
