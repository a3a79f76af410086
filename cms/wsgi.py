"""The WSGI application, on the production settings unless the environment names others."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

application = get_wsgi_application()

from cms.server_start import prepare_server_process  # noqa: E402 -- Django must have been set up

prepare_server_process()
