"""The addresses that other systems call, under /hooks/."""

from django.urls import path

from npf.api import hooks

# npf/hooks/compare.py: destination gives this address to BigCommerce.
urlpatterns = [path("<str:name>/orders", hooks.orders, name="hook_orders")]
