"""A store's parameters in NPF's own words: shown to all who see the store, changed by integrators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from npf.audit.models import Event
from npf.audit.notes import Tag
from npf.check.credentials import prove
from npf.console import sheet, words
from npf.console.access import for_people, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import outside
from npf.stores import book
from npf.stores.draft import Draft, Problem, WrongSettings
from npf.stores.models import Store
from npf.wake import wake

LAST_CHANGES = 10
CHANGES_IN_A_MESSAGE = 8


@for_people()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def parameters(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """POST: the fields by name, and `version`, the settings_version that the page was made from."""
    store = the_store(person, name)
    if request.method != "POST":
        return _page(request, person, store, {}, [])
    if not person.changes:
        messages.error(request, "Parameters are changed by NPF's integration staff.")
        return redirect("parameters", name=name)
    typed = {key: text.replace("\r\n", "\n") for key, text in request.POST.items() if isinstance(text, str)}
    if typed.get("version") != str(store.settings_version):
        said = "somebody else changed these settings meanwhile: see the last changes below, then save again"
        return _page(request, person, store, typed, [Problem("", said)], status=409)
    try:
        _save(request, person, store, typed)
    except WrongSettings as wrong:
        return _page(request, person, store, typed, wrong.problems, status=422)
    return redirect("parameters", name=name)


def _save(request: HttpRequest, person: Person, store: Store, typed: dict[str, str]) -> None:
    by = person.user.username
    before = _changes(store, 1)
    draft = sheet.judge(store, typed)
    # A wrong login would pause every store of the FM client: new credentials are proved before they are kept.
    unproved = prove(draft, outside()) if _asks_elsewhere(store, draft) else []
    _, sayings = book.save(draft, by, outside().clock)
    after = _changes(store, 1)
    if not after or (before and after[0].pk == before[0].pk):
        messages.success(request, "Saved. Nothing was different.")
    else:
        said = _said(after[0])
        more = f"; and {len(said) - CHANGES_IN_A_MESSAGE} more" if len(said) > CHANGES_IN_A_MESSAGE else ""
        messages.success(request, f"Saved. {'; '.join(said[:CHANGES_IN_A_MESSAGE])}{more}.")
    for saying in [*sayings, *unproved]:
        messages.info(request, words.sentence(saying))
    # Orders that FM was not asked for are judged again with the new settings.
    wake("pull", [store.pk], by)


def _asks_elsewhere(store: Store, draft: Draft) -> bool:
    """Whether a draft asks the outer systems at another address or under another name than the store does."""
    theirs = (draft.store_hash, draft.legacy_url, draft.client_id, draft.access_token, draft.api_url)
    ours = (store.store_hash, store.legacy_url, store.client_id, store.access_token, store.api_url)
    their_fm = (draft.fm_base_url, draft.fm_client_code, draft.fm_username, draft.fm_password)
    our_fm = (store.fm.base_url, store.fm.client_code, store.fm.username, store.fm.password)
    return theirs != ours or their_fm != our_fm


def _page(
    request: HttpRequest,
    person: Person,
    store: Store,
    typed: dict[str, str],
    problems: list[Problem],
    status: int = 200,
) -> HttpResponse:
    found = sheet.groups(store, typed, problems)
    if not person.sees_all:
        found = [group for group in found if group.title not in ("BigCommerce", "FM")]
    placed = {message for group in found for field in group.fields for message in field.problems}
    context: dict[str, Any] = {
        "tab": "parameters",
        "store": store,
        "groups": found,
        "problems": problems,
        "general": [
            str(problem) if problem.parameter else problem.message
            for problem in problems
            if problem.message not in placed
        ],
        "wrong": [field for group in found for field in group.fields if field.problems],
        "changes": [(event, _said(event)) for event in _changes(store)] if person.sees_all else [],
    }
    return show(request, person, "console/parameters.html", context, status=status)


def _said(event: Event) -> list[str]:
    return [sheet.in_words(one) for one in event.data.get("changes", [])]


def _changes(store: Store, most: int = LAST_CHANGES) -> list[Event]:
    return list(Event.objects.filter(store_id=store.pk, tag=Tag.STORE_CHANGED).order_by("-at", "-pk")[:most])
