"""What other programs show of a page when somebody passes its address on (Open Graph)."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.base import NodeList
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockNode
from django.templatetags.static import static
from django.utils.safestring import SafeString

register = template.Library()

# Pages of one person: their addresses are nobody else's business.
_PERSONAL = ("/konto/", "/meine-daten/")


@register.simple_tag(takes_context=True)
def said(context: Context, block: str) -> str:
    """What this page puts into that block, once more; "" where it has none."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    if blocks is None or blocks.get_block(block) is None:
        return ""
    # Rendered, and so escaped, as it stands in the page; in an attribute quotes have to be, too.
    text = " ".join(BlockNode(block, NodeList()).render(context).split())
    return SafeString(text.replace('"', "&quot;"))


@register.simple_tag(takes_context=True)
def shared_address(context: Context) -> str:
    """The address to pass on: of the page without what was clicked together.

    "" for a page of one person. Pages that say that there is none leave the block out.
    """
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None or "token" in match.kwargs or request.path.startswith(_PERSONAL):
        return ""
    return f"{settings.SITE_URL}{context.get('canonical') or request.path}"


@register.simple_tag
def share_picture() -> str:
    return f"{settings.SITE_URL}{static('img/share.png')}"
