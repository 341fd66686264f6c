"""NPF Connect: orders from BigCommerce into FM, tracking and stock back."""
