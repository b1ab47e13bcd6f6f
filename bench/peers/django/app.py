"""The Django REST framework peer in one file: settings, model, serializer, views; psycopg with a pool per worker."""

import os
from urllib.parse import urlsplit

import django
from django.conf import settings

DATABASE = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY=os.environ["JWT_SECRET"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": DATABASE.hostname,
            "PORT": DATABASE.port,
            "USER": DATABASE.username,
            "NAME": DATABASE.path.lstrip("/"),
            "OPTIONS": {"pool": {"min_size": 5, "max_size": 5}, "server_side_binding": True, "prepare_threshold": 5},
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [f"{__name__}.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

import jwt  # noqa: E402 (what follows needs the settings)
from django.contrib.postgres.fields import ArrayField  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import authentication, exceptions, generics, pagination, response, serializers  # noqa: E402


class User:
    """Whom the token names; nothing is looked up."""

    is_authenticated = True

    def __init__(self, id):
        self.id = id


class TokenAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request):
        text = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(text, settings.SECRET_KEY, algorithms=["HS256"], options={"require": ["exp", "sub"]})
            return User(int(claims["sub"])), None
        except (jwt.InvalidTokenError, ValueError):
            raise exceptions.AuthenticationFailed()

    def authenticate_header(self, request):
        return "Bearer"


class Task(models.Model):
    class Priority(models.TextChoices):
        LOW = "low"
        MEDIUM = "medium"
        HIGH = "high"
        CRITICAL = "critical"

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=255)
    description = models.TextField(null=True)
    status = models.TextField(default="pending")
    priority = models.TextField(choices=Priority, default=Priority.MEDIUM)
    owner_id = models.BigIntegerField()
    assignee_id = models.BigIntegerField(null=True)
    labels = ArrayField(models.TextField(), default=list)
    due_at = models.DateTimeField(null=True)
    archived = models.BooleanField(default=False)
    completed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.BigIntegerField(default=1)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "tasks"


class TaskSerializer(serializers.ModelSerializer):
    class Meta:
        model = Task
        fields = [field.name for field in Task._meta.fields]
        read_only_fields = [name for name in fields if name not in ("title", "description", "priority", "due_at")]


class Newest(pagination.BasePagination):
    def paginate_queryset(self, queryset, request, view=None):
        try:
            limit = int(request.query_params.get("limit", 20))
        except ValueError:
            limit = 0
        if not 1 <= limit <= 100:
            raise exceptions.ValidationError({"limit": "must be from 1 to 100"})
        return list(queryset[:limit])

    def get_paginated_response(self, data):
        return response.Response({"data": data})


class OwnTasks:
    serializer_class = TaskSerializer

    def get_queryset(self):
        return Task.objects.filter(owner_id=self.request.user.id).order_by("-created_at", "-id")


class TaskList(OwnTasks, generics.ListCreateAPIView):
    pagination_class = Newest

    def perform_create(self, serializer):
        serializer.save(owner_id=self.request.user.id)


class TaskDetail(OwnTasks, generics.RetrieveAPIView):
    pass


urlpatterns = [path("tasks", TaskList.as_view()), path("tasks/<int:pk>", TaskDetail.as_view())]
application = get_wsgi_application()
