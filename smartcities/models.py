from smartcities.operations.regular_tasks import RegularTask

__all__ = ["RegularTask"]
