from smartcities.accessibility.barriers import BarrierReport
from smartcities.operations.regular_tasks import RegularTask

__all__ = ["BarrierReport", "RegularTask"]
