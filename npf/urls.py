"""Addresses of the web server."""

from django.urls import include, path

urlpatterns = [path("hooks/", include("npf.api.urls")), path("", include("npf.console.urls"))]
