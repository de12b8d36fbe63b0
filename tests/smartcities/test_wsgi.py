import gc
import runpy
import sys

from django.conf import settings


def test_no_visitor_waits_while_all_that_is_loaded_is_looked_through_for_garbage():
    gc.unfreeze()
    gc.collect()  # what other tests have left
    loaded = len(gc.get_objects())
    runpy.run_path(str(settings.BASE_DIR / "smartcities" / "wsgi.py"))
    assert "smartcities.views" in sys.modules
    assert gc.get_freeze_count() > loaded // 2
    assert len(gc.get_objects()) < loaded // 20
