"""In and out."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django_htmx.http import HttpResponseClientRefresh

from npf.console.access import guarded


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    template_name = "console/login.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "HX-Request" in request.headers:
            # A page that polled after its session ended: the whole page must go to the login, not a piece of it.
            return HttpResponseClientRefresh()
        return guarded(super().dispatch(request, *args, **kwargs))


class Logout(LogoutView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return guarded(super().dispatch(request, *args, **kwargs))
