"""The pages of the console."""

from django.urls import path
from django.views.generic import RedirectView

from npf.console.pages import (
    explain,
    files,
    health,
    held,
    login,
    order,
    orders,
    overview,
    parameters,
    stock,
    stock_run,
    stock_skus,
    store,
    webhook,
)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("login/", login.Login.as_view(), name="login"),
    path("logout/", login.Logout.as_view(), name="logout"),
    path("", overview.overview, name="overview"),
    path("orders/", orders.orders, name="orders"),
    path("held/", held.held, name="held"),
    path("held/decide/", held.decide_cause, name="decide_cause"),
    path("explain/", explain.explain, name="explain"),
    path("stores/", RedirectView.as_view(pattern_name="overview")),
    path("stores/<slug:name>/", store.store, name="store"),
    path("stores/<slug:name>/wake/", store.wake_store, name="wake"),
    path("stores/<slug:name>/webhook/", webhook.webhook, name="webhook"),
    path("stores/<slug:name>/pause/", store.pause, name="pause"),
    path("stores/<slug:name>/resume/", store.resume, name="resume"),
    path("stores/<slug:name>/orders/", orders.orders, name="store_orders"),
    path("stores/<slug:name>/orders/<int:number>/", order.order, name="order"),
    path("stores/<slug:name>/orders/<int:number>/record/", order.record, name="record"),
    path("stores/<slug:name>/orders/<int:number>/decide/", order.decision, name="decide"),
    path("stores/<slug:name>/explain/", explain.explain, name="explain_one"),
    path("stores/<slug:name>/pull/", explain.pull_now, name="pull_now"),
    path("stores/<slug:name>/parameters/", parameters.parameters, name="parameters"),
    path("stores/<slug:name>/files/", files.files, name="files"),
    path("stores/<slug:name>/stock/", stock.stock, name="stock"),
    path("stores/<slug:name>/stock/do/", stock.do, name="stock_do"),
    path("stores/<slug:name>/stock/runs/<int:run>/", stock_run.stock_run, name="stock_run"),
    path("stores/<slug:name>/stock/runs/<int:run>/undo/", stock_run.stock_undo, name="stock_undo"),
    path("stores/<slug:name>/stock/preview/", stock_run.stock_preview, name="stock_preview"),
    path("stores/<slug:name>/stock/not-written/", stock_skus.stock_unwritable, name="stock_unwritable"),
    path("stores/<slug:name>/stock/drift/", stock_skus.stock_drift, name="stock_drift"),
    path("stores/<slug:name>/stock/sku/", stock_skus.stock_sku, name="stock_sku"),
]
