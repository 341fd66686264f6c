"""So that Procrastinate finds tasks.py."""

from django.apps import AppConfig


class Jobs(AppConfig):
    name = "npf.jobs"
