"""Settings: `base` is shared; `DJANGO_SETTINGS_MODULE` names `dev` (default), `test` or `production`."""
