"""Addresses of the web server."""

from django.urls import include, path

urlpatterns = [path("", include("npf.console.urls"))]
