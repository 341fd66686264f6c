"""A small SOAP server in the shape of the recorded envelopes (../shared/fm/envelopes), for the client's tests.

It shares no code with the client: the standard library only. One handler answers all three services.
"""

import socket
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

ENV = "http://schemas.xmlsoap.org/soap/envelope/"
OPERATIONS = {
    "/serverorder.php": ("serverorder", "orders"),
    "/npforderstatus.php": ("importorderstatus", "statusrequest"),
    "/npfsoh.php": ("importsoh", "soh"),
}

WSDL = """<?xml version="1.0" encoding="ISO-8859-1"?>
<definitions xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" \
xmlns:tns="urn:loginwsdl" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" \
xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:loginwsdl">
<types>
<xsd:schema targetNamespace="urn:loginwsdl"
>
 <xsd:import namespace="http://schemas.xmlsoap.org/soap/encoding/" %(elsewhere)s/>
 <xsd:import namespace="http://schemas.xmlsoap.org/wsdl/" />
</xsd:schema>
</types>
<message name="%(operation)sRequest">
  <part name="%(argument)s" type="xsd:string" /></message>
<message name="%(operation)sResponse">
  <part name="return" type="xsd:string" /></message>
<portType name="loginwsdlPortType">
  <operation name="%(operation)s">
    <input message="tns:%(operation)sRequest"/>
    <output message="tns:%(operation)sResponse"/>
  </operation>
</portType>
<binding name="loginwsdlBinding" type="tns:loginwsdlPortType">
  <soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
  <operation name="%(operation)s">
    <soap:operation soapAction="urn:loginwsdl#%(operation)s" style="rpc"/>
    <input><soap:body use="encoded" namespace="urn:loginwsdl" \
encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></input>
    <output><soap:body use="encoded" namespace="urn:loginwsdl" \
encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></output>
  </operation>
</binding>
<service name="loginwsdl">
  <port name="loginwsdlPort" binding="tns:loginwsdlBinding">
    <soap:address location="%(location)s"/>
  </port>
</service>
</definitions>"""

ENVELOPE = (
    '<?xml version="1.0" encoding="ISO-8859-1"?><SOAP-ENV:Envelope'
    ' SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'
    ' xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"><SOAP-ENV:Body>%s</SOAP-ENV:Body></SOAP-ENV:Envelope>'
)


def enveloped(operation: str, inner: str) -> bytes:
    """The answer as nuSOAP writes it; bytes beyond ISO-8859-1 go in as the UTF-8 they are, as PHP does."""
    body = (
        f'<ns1:{operation}Response xmlns:ns1="urn:loginwsdl"><return xsi:type="xsd:string">'
        f"{escape(inner, {chr(34): '&quot;', chr(39): '&apos;'})}</return></ns1:{operation}Response>"
    )
    return (ENVELOPE % body).encode("utf-8")


def fault(text: str) -> bytes:
    body = (
        '<SOAP-ENV:Fault><faultcode xsi:type="xsd:string">SOAP-ENV:Client</faultcode><faultactor xsi:type="xsd:string">'
        f'</faultactor><faultstring xsi:type="xsd:string">{escape(text)}</faultstring><detail xsi:type="xsd:string">'
        "</detail></SOAP-ENV:Fault>"
    )
    return (ENVELOPE % body).encode("latin-1")


@dataclass
class Raw:
    """An HTTP answer that is not the ordinary one. `cut` ends the connection after so many bytes of it."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    wait: float = 0.0
    dribble: float = 0.0


@dataclass
class Call:
    operation: str
    argument: str
    document: str
    action: str
    raw: bytes


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up first is what some tests are about."""


class Responder:
    """`answer` turns (operation, inner document) into the inner answer, or into a Raw."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.gets: list[str] = []
        self.connections = 0
        self.answer: Callable[[str, str], str | Raw] = lambda operation, document: ""
        self.operations = dict(OPERATIONS)
        self.location: str | None = None
        self.elsewhere = ""
        self.wsdl: Raw | None = None
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wsdl_of(self, path: str) -> bytes:
        operation, argument = self.operations[path]
        location = self.location or f"{self.base_url}{path}"
        values = {"operation": operation, "argument": argument, "location": location, "elsewhere": self.elsewhere}
        return (WSDL % values).encode("latin-1")

    def _handler(outer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                outer.connections += 1
                super().setup()

            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                outer.gets.append(self.path)
                path = self.path.partition("?")[0]
                self._send(outer.wsdl or Raw(outer.wsdl_of(path)))

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                wrapper = ET.fromstring(raw).find(f"{{{ENV}}}Body")[0]  # type: ignore[index]
                operation, part = wrapper.tag.partition("}")[2], wrapper[0]
                action = self.headers.get("SOAPAction", "")
                outer.calls.append(Call(operation, part.tag, part.text or "", action, raw))
                answered = outer.answer(operation, part.text or "")
                self._send(answered if isinstance(answered, Raw) else Raw(enveloped(operation, answered)))

            def _send(self, raw: Raw) -> None:
                time.sleep(raw.wait)
                if raw.cut == 0:
                    self._hang_up()
                    return
                self.send_response(raw.status)
                for name, value in {"Content-Type": "text/xml; charset=ISO-8859-1", **raw.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw.content)))
                self.end_headers()
                for byte in raw.content if raw.dribble else ():
                    self.wfile.write(bytes([byte]))
                    time.sleep(raw.dribble)
                if not raw.dribble:
                    self.wfile.write(raw.content[: raw.cut])
                if raw.cut is not None:
                    self._hang_up()

            def _hang_up(self) -> None:
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

        return Handler
