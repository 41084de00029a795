from django.urls import path

app_name = "ehrenamt"
urlpatterns: list[path] = []
