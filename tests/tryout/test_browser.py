"""The harness of the journeys itself: it must see what goes wrong, or every journey proves nothing."""

from tests.browser import axe, scrolls_sideways


def test_a_page_complains_about_what_nobody_sees(page, complaints):
    page.goto("/impressum/")
    assert complaints.left() == []
    page.evaluate("console.error('a message')")
    page.evaluate("setTimeout(() => { throw new Error('an exception') })")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => null)")
    page.wait_for_timeout(200)
    found = "\n".join(complaints.left())
    assert "console error: a message" in found
    assert "exception: an exception" in found
    assert "http://127.0.0.1:9/" in found
    complaints.allow("")


def test_axe_examines_the_page_under_its_own_security_policy(page):
    page.goto("/impressum/")
    assert axe(page) == []
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.querySelector('main img').src = '/favicon.ico'")
    (finding,) = axe(page)
    assert finding.startswith("image-alt: img: ")


def test_a_page_that_is_too_wide_is_noticed(page):
    page.goto("/impressum/")
    assert not scrolls_sideways(page)
    page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    assert scrolls_sideways(page)


def test_without_javascript_no_script_runs(no_javascript):
    no_javascript.set_content("<p>unverändert</p><script>document.body.textContent = ''</script>")
    assert no_javascript.inner_text("body") == "unverändert"
