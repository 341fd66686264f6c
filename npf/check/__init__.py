"""check: the doctor. It reads and asks; each finding says what to change and where to click.

It writes one thing: the store's webhook, where NPF_PUBLIC_URL says where events should go.
"""
