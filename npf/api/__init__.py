"""api: what other systems call. Now the webhook inbox: an event wakes the pull, and says nothing else that we trust."""
