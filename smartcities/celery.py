import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcities.settings.dev")

app = Celery("smartcities", task_cls="smartcities.operations.task_base:PortalTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery keeps its "current app" per thread; this is the one of every other thread too.
app.set_default()
app.autodiscover_tasks()
