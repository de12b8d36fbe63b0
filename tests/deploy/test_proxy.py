"""Our nginx before the real portal, and before one that writes down what reaches it."""

import http.client
import re
import select
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from mailing.models import Email
from tests.deploy.nginx import CHECKOUT, HOST, Proxy
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

SLOW_SENDERS = 10


def open_socket(proxy: Proxy, stack: ExitStack) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", proxy.port), timeout=30)
    return stack.enter_context(ssl._create_unverified_context().wrap_socket(plain))


def seconds_for_healthz(proxy: Proxy) -> float:
    began = time.monotonic()
    answer, text = proxy.ask("/healthz")
    assert (answer.status, text) == (200, "ok\n")
    return time.monotonic() - began


def sends_until_closed(sender: ssl.SSLSocket, text: str) -> bool:
    """Whether the other side gave up while one sign a second came."""
    sender.settimeout(1)
    for sign in text:
        try:
            sender.sendall(sign.encode())
            if sender.recv(1) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.fixture(scope="module")
def cut_off_after(proxy) -> Iterator[Future[float]]:
    """Beside the first tests of this file: the seconds until who sends the head slowly is cut off."""

    def send_slowly() -> float:
        head = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Langsam: " + "a" * 60
        with ExitStack() as stack:
            sender = open_socket(proxy, stack)
            began = time.monotonic()
            assert sends_until_closed(sender, head)
            return time.monotonic() - began

    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(send_slowly)


def test_ten_who_send_a_byte_a_second_hold_up_nobody(proxy, cut_off_after):
    head = f"POST /konto/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\n"
    with ExitStack() as stack:
        senders = [open_socket(proxy, stack) for _ in range(SLOW_SENDERS)]
        for sender in senders:
            sender.sendall(head.encode())
        waited = []
        for _ in range(5):
            for sender in senders:
                sender.sendall(b"a")
            waited.append(seconds_for_healthz(proxy))
            time.sleep(1)

    # Without the proxy ten of them held all threads, and this took 24 seconds.
    assert max(waited) < 5, waited


def test_what_is_too_large_is_refused_with_a_sentence_before_it_is_sent(recorded_proxy, recorder):
    proxy, _ = recorded_proxy
    channel = proxy.connect()
    channel.putrequest("POST", "/hochladen", skip_host=True)
    channel.putheader("Host", HOST)
    channel.putheader("Content-Length", str(1_000_000_000))
    channel.endheaders()
    answer = channel.getresponse()

    assert answer.status == 413
    said = answer.read().decode()
    assert "Es wurde nichts gespeichert." in said
    # Firefox brings nothing back into a form that is stored nowhere.
    assert "manche Browser zeigen es leer" in said
    channel.close()
    assert recorder.seen == []


def test_a_stream_that_does_not_say_how_long_it_is_is_cut_off(recorded_proxy, recorder):
    proxy, _ = recorded_proxy
    sent = 0
    piece = b"10000\r\n" + b"0" * 0x10000 + b"\r\n"
    with ExitStack() as stack:
        stream = open_socket(proxy, stack)
        stream.sendall(
            f"POST /hochladen HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        while sent < 1_000_000_000 and not select.select([stream], [], [], 0)[0]:
            stream.sendall(piece)
            sent += len(piece)
        assert stream.recv(20).startswith(b"HTTP/1.1 413 ")

    assert sent < 50_000_000
    assert recorder.seen == []


def test_what_visitors_claim_about_themselves_does_not_reach_the_portal(recorded_proxy, recorder):
    proxy, _ = recorded_proxy
    lie = "203.0.113.9"
    proxy.ask(
        "/",
        X_Forwarded_For=lie,
        X_Forwarded_Proto="http",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Port="1",
        X_Forwarded_Server=lie,
        X_Real_IP=lie,
        X_Request_ID="deadbeefdeadbeef",
        Forwarded=f"for={lie};host=evil.example",
        Proxy="evil.example",
    )

    [headers] = recorder.seen
    assert headers.get_all("X-Forwarded-For") == ["127.0.0.1"]
    assert headers.get_all("X-Forwarded-Proto") == ["https"]
    assert headers.get_all("Host") == [HOST]
    assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-ID"])
    assert not {"x-real-ip", "forwarded", "proxy"} & {name.lower() for name in headers}
    text = str(headers)
    assert lie not in text
    assert "evil" not in text
    assert "deadbeef" not in text


def test_a_host_that_is_not_ours_gets_no_answer_and_no_mail_names_it(proxy):
    UserFactory(email="erika@example.org")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        proxy.ask("/konto/password/reset/", Host="evil.example")
    page, _text = proxy.ask("/konto/password/reset/", X_Forwarded_Host="evil.example")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = cookie.partition("=")[2]

    answer, _text = proxy.ask(
        "/konto/password/reset/",
        "POST",
        f"email=erika%40example.org&csrfmiddlewaretoken={token}",
        Cookie=cookie,
        Referer=f"https://{HOST}/konto/password/reset/",
        X_Forwarded_Host="evil.example",
        Content_Type="application/x-www-form-urlencoded",
    )

    assert answer.status == 302
    email = Email.objects.get()
    assert f"https://{HOST}/konto/password/reset/key/" in email.text
    assert "evil" not in email.text


def test_a_page_is_compressed_and_an_address_without_tls_leads_to_one_with(proxy):
    answer, _ = proxy.ask("/datenschutz/")
    assert "Strict-Transport-Security" in answer.headers
    channel = proxy.connect()
    channel.request("GET", "/datenschutz/", headers={"Host": HOST, "Accept-Encoding": "gzip"})
    assert channel.getresponse().headers["Content-Encoding"] == "gzip"
    channel.close()
    plain = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=20)
    plain.request("GET", "/projekte/?land=BY", headers={"Host": HOST})
    redirect = plain.getresponse()
    plain.close()
    assert (redirect.status, redirect.headers["Location"]) == (
        308,
        f"https://{HOST}/projekte/?land=BY",
    )


def test_static_files_are_served_without_the_portal(recorded_proxy, recorder):
    proxy, _ = recorded_proxy
    answer, text = proxy.ask("/static/css/portal.css")

    assert answer.status == 200
    assert text == (CHECKOUT / "static" / "css" / "portal.css").read_text()
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert recorder.seen == []
    for way_out in ("/static/../portal.conf", "/static/..%2fportal.conf", "/static../portal.conf"):
        assert "server_name" not in proxy.ask(way_out)[1]


# What the portal answers, with which cookie it is asked, and how many of three questions reach it.
KEPT_OR_NOT = {
    "public": ({"ETag": '"1"', "Cache-Control": "no-cache"}, "", 1),
    "without ETag": ({"Cache-Control": "no-cache"}, "", 3),
    "private": ({"ETag": '"1"', "Cache-Control": "no-store, private"}, "", 3),
    "sets a cookie": ({"ETag": '"1"', "Cache-Control": "no-cache", "Set-Cookie": "a=b"}, "", 3),
    "with a session": ({"ETag": '"1"', "Cache-Control": "no-cache"}, "__Host-sessionid=x", 3),
    "says one's limit": (
        {"ETag": '"1"', "Cache-Control": "public", "RateLimit": '"default";r=1;t=9'},
        "",
        3,
    ),
}


def test_only_what_is_public_and_says_its_state_is_kept_and_never_for_long(
    recorded_proxy, recorder
):
    proxy, _ = recorded_proxy
    reached = {}
    for number, (name, (headers, cookie, _asked)) in enumerate(KEPT_OR_NOT.items()):
        recorder.answer = (200, headers, f"alt: {name}")
        before = len(recorder.seen)
        for _ in range(3):
            answered = proxy.ask(f"/{number}", **({"Cookie": cookie} if cookie else {}))[1]
            assert answered == f"alt: {name}"
        reached[name] = len(recorder.seen) - before
    assert all(times <= 3 for times in reached.values())
    assert {name: times == 3 for name, times in reached.items()} == {
        name: asked == 3 for name, (_headers, _cookie, asked) in KEPT_OR_NOT.items()
    }

    time.sleep(2.1)
    for number, (name, (headers, _cookie, _asked)) in enumerate(KEPT_OR_NOT.items()):
        new = headers | ({"ETag": '"2"'} if "ETag" in headers else {})
        recorder.answer = (200, new, f"neu: {name}")
        assert proxy.ask(f"/{number}")[1] == f"neu: {name}"


def test_who_is_signed_in_asks_the_portal_also_where_the_proxy_keeps_the_page(
    recorded_proxy, recorder
):
    proxy, _ = recorded_proxy
    state = {"Cache-Control": "no-cache"}
    recorder.answer = (200, state | {"ETag": '"1"'}, "alt")
    assert proxy.ask("/behalten")[1] == "alt"
    recorder.answer = (200, state | {"ETag": '"2"'}, "neu")

    # So does who brings another key, and who wants a part of the page and not all of it.
    others = ({"Authorization": "Bearer x"}, {"HX-Request": "true"})
    for headers in ({"Cookie": "__Host-sessionid=x"}, *others):
        assert proxy.ask("/behalten", **headers)[1] == "neu"


def test_what_is_answered_to_a_key_is_kept_for_nobody(recorded_proxy, recorder):
    proxy, _ = recorded_proxy
    state = {"ETag": '"1"', "Cache-Control": "no-cache"}
    for key in ({"Authorization": "Bearer x"}, {"Cookie": "__Host-sessionid=x"}):
        recorder.answer = (200, state, "eigen")
        assert proxy.ask("/eigen", **key)[1] == "eigen"
    recorder.answer = (200, state, "allen")

    assert proxy.ask("/eigen")[1] == "allen"


def test_nothing_of_a_form_reaches_the_portal_before_all_of_it_is_there(recorded_proxy, recorder):
    proxy, _ = recorded_proxy
    head = f"POST /formular HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 4\r\n\r\n"
    with ExitStack() as stack:
        sender = open_socket(proxy, stack)
        sender.sendall(head.encode() + b"ab")
        time.sleep(0.7)
        begun_too_soon = list(recorder.begun)
        sender.sendall(b"cd")
        assert sender.recv(20).startswith(b"HTTP/1.1 200 ")

    assert begun_too_soon == []
    assert recorder.begun == ["/formular"]


def test_while_the_portal_restarts_people_read_a_calm_page(recorded_proxy):
    proxy, _ = recorded_proxy
    for method in ("GET", "POST"):
        answer, text = proxy.ask("/projekte/", method)

        assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<h1 class="kern-heading-x-large">Gleich wieder da</h1>' in text
        assert 'lang="de"' in text


def test_what_the_portal_itself_says_of_its_state_passes(recorded_proxy, recorder):
    proxy, _ = recorded_proxy
    recorder.answer = (503, {}, '{"database": "down"}')

    answer, text = proxy.ask("/readyz")

    assert (answer.status, text) == (503, '{"database": "down"}')


def test_who_sends_the_head_slowly_is_cut_off_and_others_are_served(proxy, cut_off_after):
    assert 8 < cut_off_after.result() < 40
    seconds_for_healthz(proxy)
