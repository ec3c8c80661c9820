"""The web service: webhooks in, and an API. The application is put together in `web.app`."""
