"""The Django REST framework peer: model, serializer, views and paths."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import path
from rest_framework import exceptions, generics, pagination, response, serializers


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
