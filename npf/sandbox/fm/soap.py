"""SOAP 1.1 as nuSOAP 0.9.5 speaks it: rpc/encoded, one string in, one string out, ISO-8859-1.

Byte for byte like the records in the envelopes folder beside WEBSERVICE.md. Known manners of nuSOAP kept here: the
encoding named by HTTP must agree with the one that the XML declares, Content-Type must be text/xml, the namespace of
the operation and the SOAPAction header are not looked at.
"""

import re
import xml.etree.ElementTree as ET
from typing import NamedTuple
from xml.sax.saxutils import escape

from .errors import SoapFault
from .xmlsafe import Broken, parse

CONTENT_TYPE = "text/xml; charset=ISO-8859-1"
HEADERS = [
    ("X-Powered-By", "PHP/8.2.36"),
    ("Server", "NuSOAP Server v0.9.5"),
    ("X-SOAP-Server", "NuSOAP/0.9.5 (1.123)"),
    ("Content-Type", CONTENT_TYPE),
]
NAMESPACE = "urn:loginwsdl"

_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
_DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1"?>'
_NAMESPACES = (
    'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"',
    'xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"',
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"',
)
_DECLARED = re.compile(r"""^<\?xml[^>]*?encoding=["']([^"']*)["']""")
_CHARSET = re.compile(r"""charset=["']?([^"';\s]+)""", re.IGNORECASE)
_QUOTES = {'"': "&quot;", "'": "&apos;"}


class Call(NamedTuple):
    """One call read from an envelope: the operation, the name of its argument ("" if none) and the argument's text."""

    operation: str
    argument: str
    text: str


def read_call(body: bytes, content_type: str) -> Call:
    """The call in a request body. Raises SoapFault for everything that nuSOAP does not take."""
    if not body:
        raise SoapFault("Client", "error in msg parsing:\nxml was empty, didn't parse!")
    if "text/xml" not in content_type.lower():
        raise SoapFault("Client", "Request not of type text/xml")
    named = _CHARSET.search(content_type)
    encoding = named.group(1).upper() if named else "ISO-8859-1"
    if encoding not in ("ISO-8859-1", "US-ASCII", "UTF-8"):
        encoding = "US-ASCII"
    envelope = _read_envelope(body, encoding)
    if envelope.tag != f"{_SOAP}Envelope":
        raise SoapFault("Client", "error in msg parsing:\nthe document is not a SOAP 1.1 envelope")
    body_element = envelope.find(f"{_SOAP}Body")
    if body_element is None or len(body_element) == 0:
        raise SoapFault("Client", "error in msg parsing:\nno operation in the SOAP body")
    operation = body_element[0]
    name = operation.tag.rpartition("}")[2]
    if len(operation) == 0:
        return Call(name, "", "")
    argument = operation[0]
    return Call(name, argument.tag.rpartition("}")[2], argument.text or "")


def _read_envelope(body: bytes, encoding: str) -> ET.Element:
    declared = _DECLARED.match(body[:200].decode("latin-1"))
    wanted = declared.group(1).upper() if declared else encoding
    # nuSOAP lets UTF-8 pass where HTTP says ISO-8859-1, its default; every other disagreement is an error.
    if wanted != encoding and not (encoding == "ISO-8859-1" and wanted == "UTF-8"):
        raise SoapFault(
            "Client",
            f"error in msg parsing:\nCharset from HTTP Content-Type '{encoding}' does not match encoding from "
            f"XML declaration '{declared.group(1) if declared else ''}'",
        )
    try:
        return parse(body, wanted)
    except Broken as error:
        raise SoapFault(
            "Client",
            f"error in msg parsing:\nXML error parsing SOAP payload on line {error.line}: {error.reason}",
        ) from error


def answer(operation: str, text: str, namespace: str = NAMESPACE) -> bytes:
    """The envelope that returns one string.

    The documents call themselves UTF-8, and PHP puts their bytes as they are into an envelope of ISO-8859-1.
    """
    return (
        f"{_DECLARATION}<SOAP-ENV:Envelope {' '.join(_NAMESPACES)}><SOAP-ENV:Body>"
        f'<ns1:{operation}Response xmlns:ns1="{namespace}"><return xsi:type="xsd:string">{escape(text, _QUOTES)}'
        f"</return></ns1:{operation}Response></SOAP-ENV:Body></SOAP-ENV:Envelope>"
    ).encode()


def fault(error: SoapFault) -> bytes:
    """The envelope of a fault, laid out over lines as nuSOAP does for faults only."""
    namespaces = "\n  ".join(_NAMESPACES)
    return (
        f"{_DECLARATION}<SOAP-ENV:Envelope {namespaces}>\n<SOAP-ENV:Body><SOAP-ENV:Fault>"
        f'<faultcode xsi:type="xsd:string">SOAP-ENV:{error.code}</faultcode>'
        f'<faultactor xsi:type="xsd:string"></faultactor>'
        f'<faultstring xsi:type="xsd:string">{escape(error.text, _QUOTES)}</faultstring>'
        f'<detail xsi:type="xsd:string"></detail>'
        f"</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>"
    ).encode("iso-8859-1", "xmlcharrefreplace")
