"""The search of the portal finds what is public of questions and answers, and nothing else of them."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from asking.actions import answering, asking
from asking.models import PublicAnswer
from finding import search
from finding.models import SearchDocument
from tests.factories import ProjectFactory, SolutionFactory
from tests.factories.asking import PublicAnswerFactory, QuestionFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def found(client, words: str) -> list[tuple[str, int, list[tuple[str, str]]]]:
    groups = client.get(reverse("search"), {"q": words}).context["groups"]
    hits = [(one.label, one.count, [(hit.name, hit.url) for hit in one.entries]) for one in groups]
    return [one for one in hits if one[0] == "Fragen und Antworten"]


def test_a_public_answer_is_found_with_its_sheet_and_gone_as_soon_as_consent_is_withdrawn(client):
    net = SolutionFactory(name="Pegelnetz", slug="pegelnetz", project=ProjectFactory(name="Ulm"))
    asked = QuestionFactory(solution=net, answered=True, may_publish=True)
    other = QuestionFactory(solution=net, answered=True, text="Was kostet Salamanderfutter?")
    QuestionFactory(solution=net, text="Unbestätigtes Salamanderfutter?")
    question = "Wie lange dauert die Krötenzählung?"
    answering.publish(asked, text=question, answer="Zwei Monate im Frühjahr.", now=NOW)
    for number in range(6):
        PublicAnswerFactory(project=net.project, text=f"Was ist ein Zauntyp {number}?")
    PublicAnswerFactory(project=ProjectFactory(is_public=False), text="Krötenzählung geheim?")
    search.refresh()
    # Not even where the index is told, so no spelling or completion gives it away.
    assert not SearchDocument.objects.filter(name_text__contains="geheim").exists()
    assert not PublicAnswer.objects.public().filter(text__contains="geheim").exists()

    whole = ("Fragen und Antworten", 1, [(question, "/loesungen/pegelnetz/#fragen")])
    for words in ("Krötenzählung", "krötenzählung frühjahr", "Krötenzählung Pegelnetz"):
        assert found(client, words) == [whole]
    page = client.get(reverse("search"), {"q": "Frühjahr"})
    assert "Fragen und Antworten (1)" in page.text
    assert "Frage und Antwort · Pegelnetz" in " ".join(page.text.split())
    # All of them stand there, as no list has the rest.
    [(_label, count, hits)] = found(client, "Zauntyp")
    assert count == len(hits) == 6
    assert found(client, "Salamanderfutter") == []
    assert other.text not in "".join(SearchDocument.objects.values_list("name_text", flat=True))

    asked.refresh_from_db()
    asking.withdraw(asked, now=NOW)
    assert not PublicAnswer.objects.filter(text=question).exists()
    assert found(client, "Krötenzählung") == []
    search.refresh()
    assert not SearchDocument.objects.filter(name_text=question).exists()
