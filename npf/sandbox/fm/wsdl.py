"""The WSDL of each service, as nuSOAP writes it (the record serverorder.wsdl)."""

from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from .soap import NAMESPACE


class Service(NamedTuple):
    """One PHP page with its one operation (WEBSERVICE.md, Transport, table)."""

    path: str
    operation: str
    argument: str
    about: str


ORDER = "serverorder"
STATUS = "importorderstatus"
STOCK = "importsoh"

SERVICES = (
    Service("/serverorder.php", ORDER, "orders", "Places an order"),
    Service("/npforderstatus.php", STATUS, "orders", "Tells the status of orders"),
    Service("/npfsoh.php", STOCK, "soh", "Tells the stock on hand of products"),
)

_TEMPLATE = """<?xml version="1.0" encoding="ISO-8859-1"?>
<definitions xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" \
xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:tns="{ns}" \
xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" \
xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="{ns}">
<types>
<xsd:schema targetNamespace="{ns}"
>
 <xsd:import namespace="http://schemas.xmlsoap.org/soap/encoding/" />
 <xsd:import namespace="http://schemas.xmlsoap.org/wsdl/" />
</xsd:schema>
</types>
<message name="{op}Request">
  <part name="{argument}" type="xsd:string" /></message>
<message name="{op}Response">
  <part name="return" type="xsd:string" /></message>
<portType name="{name}PortType">
  <operation name="{op}">
    <documentation>{about}</documentation>
    <input message="tns:{op}Request"/>
    <output message="tns:{op}Response"/>
  </operation>
</portType>
<binding name="{name}Binding" type="tns:{name}PortType">
  <soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
  <operation name="{op}">
    <soap:operation soapAction="{ns}#{op}" style="rpc"/>
    <input><soap:body use="encoded" namespace="{ns}" \
encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></input>
    <output><soap:body use="encoded" namespace="{ns}" \
encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></output>
  </operation>
</binding>
<service name="{name}">
  <port name="{name}Port" binding="tns:{name}Binding">
    <soap:address location={location}/>
  </port>
</service>
</definitions>"""


def write(service: Service, location: str, namespace: str = NAMESPACE) -> bytes:
    """The WSDL of a service that is reached at `location`."""
    return _TEMPLATE.format(
        ns=namespace,
        op=service.operation,
        argument=service.argument,
        about=service.about,
        name=namespace.rpartition(":")[2],
        location=quoteattr(location),
    ).encode("iso-8859-1", "xmlcharrefreplace")
