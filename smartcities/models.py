from smartcities.accessibility.barriers import BarrierReport
from smartcities.front.pinned import PinnedCase
from smartcities.operations.regular_tasks import RegularTask

__all__ = ["BarrierReport", "PinnedCase", "RegularTask"]
