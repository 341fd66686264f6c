"""BigCommerce's official OpenAPI files, and what an exchange has that they do not allow.

The files lie in the folder `shared` beside the repository and are no part of it. Their servers are the real ones: the
adapters below give each exchange with a sandbox the real host, so that nothing of the files is copied or changed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.validation.request.exceptions import ParameterValidationError
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from werkzeug.datastructures import Headers, ImmutableMultiDict

SPECS = Path(__file__).resolve().parents[2].parent / "shared" / "bigcommerce" / "openapi"
HOST = "https://api.bigcommerce.com"


@dataclass(frozen=True)
class Exchange:
    """One request as it arrived at a socket, and its answer. `path` begins with /stores/."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int
    answered: dict[str, str]
    answer: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path}{'?' if self.query else ''}{self.query} -> {self.status}"


@dataclass(frozen=True)
class Breach:
    """What the spec does not allow: at which place of the request or the response, and in which words.

    `at` is a path of keys, `*` for any place of a list: `response/data/*/price`, `request/query/page`.
    """

    operation: str
    status: int
    at: str
    says: str

    def __str__(self) -> str:
        return f"{self.operation} {self.status} {self.at}: {self.says}"


@dataclass
class Read:
    """An exchange held against its operation."""

    exchange: Exchange
    operation: str
    breaches: list[Breach] = field(default_factory=list)


class _Request:
    """openapi-core's view of a request (openapi_core.protocols.Request)."""

    def __init__(self, exchange: Exchange) -> None:
        self.host_url = HOST
        self.path = exchange.path
        self.method = exchange.method.lower()
        self.body = exchange.body or None
        self.content_type = exchange.headers.get("content-type", "")
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(exchange.query, keep_blank_values=True)),
            header=Headers(exchange.headers),
            cookie=ImmutableMultiDict(),
        )


class _Response:
    """openapi-core's view of a response (openapi_core.protocols.Response)."""

    def __init__(self, exchange: Exchange) -> None:
        self.status_code = exchange.status
        self.headers = Headers(exchange.answered)
        self.content_type = exchange.answered.get("content-type", "")
        self.data = exchange.answer


@cache
def specs() -> dict[str, OpenAPI]:
    """The specs by file name; openapi-core checks each as it is loaded."""
    config = Config(extra_media_type_deserializers={"application/problem+json": json.loads})
    return {path.name: OpenAPI.from_file_path(str(path), config) for path in sorted(SPECS.glob("*.yml"))}


def operations() -> set[str]:
    """The ids of all operations."""
    return {
        (operation / "operationId").read_str()
        for spec in specs().values()
        for _, item in (spec.spec / "paths").items()
        for method, operation in item.items()
        if method in ("get", "post", "put", "delete")
    }


def held_against(exchange: Exchange) -> Read:
    """Validate request and response by their operation. AssertionError for what no operation describes."""
    request, response = _Request(exchange), _Response(exchange)
    for spec in specs().values():
        try:
            operation = spec.response_validator.path_finder.find(request.method, HOST + exchange.path).operation
        except PathError:
            continue
        name = (operation / "operationId").read_str()
        read = Read(exchange, name)
        found = [("response", *one) for one in _all(spec.response_validator.iter_errors(request, response))]
        found += [("response", *one) for one in _undocumented_answer(operation, exchange)]
        if exchange.status < 400:
            found += [("request", *one) for one in _all(spec.request_validator.iter_errors(request))]
            found += [("request", *one) for one in _undocumented_request(operation, exchange, request)]
        read.breaches = [Breach(name, exchange.status, f"{part}{at}", says) for part, at, says in found]
        return read
    raise AssertionError(f"no operation of the official specs describes {exchange}")


def _all(errors: Iterator[Exception]) -> Iterator[tuple[str, str]]:
    """(place, words) of each error, down to the schema's own."""
    for error in errors:
        cause: BaseException | None = error
        place = f"/query/{error.name}" if isinstance(error, ParameterValidationError) else ""
        while cause is not None and not isinstance(cause, InvalidSchemaValue):
            cause = cause.__cause__
        if isinstance(cause, InvalidSchemaValue):
            for one in cause.schema_errors:
                # A whole object in front of the words helps nobody.
                shown = repr(one.instance) if isinstance(one.instance, dict | list) else ""
                yield place + _place(one.absolute_path), one.message.removeprefix(shown).strip()[:160]
        else:
            yield place, f"{type(error).__name__}: {error}"


def _place(keys: Any) -> str:
    return "".join(f"/{'*' if isinstance(key, int) else key}" for key in keys)


def _undocumented_request(operation: SchemaPath, exchange: Exchange, request: _Request) -> Iterator[tuple[str, str]]:
    """Query parameters and fields of the body that the operation does not name."""
    known = {(one / "name").read_str() for one in _parameters(operation)}
    for name in request.parameters.query:
        if name not in known:
            yield f"/query/{name}", "is no parameter of the operation"
    if exchange.body and "requestBody" in operation:
        schema = operation / "requestBody" / "content" / "application/json" / "schema"
        yield from _undocumented([schema], json.loads(exchange.body), "")


def _parameters(operation: SchemaPath) -> Iterator[SchemaPath]:
    if "parameters" in operation:
        yield from operation / "parameters"


def _undocumented_answer(operation: SchemaPath, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Fields of the answer that its schema does not name."""
    responses = operation / "responses"
    if str(exchange.status) not in responses or not exchange.answer:
        return
    response = responses / str(exchange.status)
    media = exchange.answered.get("content-type", "")
    if "content" in response and media in response / "content" and "schema" in response / "content" / media:
        yield from _undocumented([response / "content" / media / "schema"], json.loads(exchange.answer), "")


def _undocumented(schemas: list[SchemaPath], value: Any, at: str) -> Iterator[tuple[str, str]]:
    """Names that none of the schemas has, wherever in the value; allOf, oneOf and anyOf count together."""
    spread = [part for schema in schemas for part in _parts(schema)]
    if isinstance(value, list):
        items = [part / "items" for part in spread if "items" in part]
        for one in value if items else []:
            yield from _undocumented(items, one, f"{at}/*")
    if not isinstance(value, dict) or not any("properties" in part for part in spread):
        return
    if any("additionalProperties" in part for part in spread):
        return
    for name, inner in value.items():
        named = [part / "properties" / name for part in spread if "properties" in part and name in part / "properties"]
        if named:
            yield from _undocumented(named, inner, f"{at}/{name}")
        else:
            yield f"{at}/{name}", "is no field of the schema"


def _parts(schema: SchemaPath) -> Iterator[SchemaPath]:
    yield schema
    for word in ("allOf", "oneOf", "anyOf"):
        if word in schema:
            for part in schema / word:
                yield from _parts(part)
