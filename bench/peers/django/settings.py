"""Settings of the Django peer: psycopg with a pool per worker, JSON and nothing else."""

import os
from urllib.parse import urlsplit

DATABASE = urlsplit(os.environ["DATABASE_URL"])
ALLOWED_HOSTS = ["127.0.0.1"]
SECRET_KEY = os.environ["JWT_SECRET"]
ROOT_URLCONF = "tasks"
USE_TZ = True
INSTALLED_APPS = ["rest_framework"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": DATABASE.hostname,
        "PORT": DATABASE.port,
        "USER": DATABASE.username,
        "NAME": DATABASE.path.lstrip("/"),
        "OPTIONS": {"pool": {"min_size": 5, "max_size": 5}, "server_side_binding": True, "prepare_threshold": 5},
    }
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["token_authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
