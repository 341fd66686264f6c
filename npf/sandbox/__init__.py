"""BigCommerce and FM to play with: WSGI apps over real sockets. Imports npf.sandbox only."""
