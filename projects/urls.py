from django.urls import path

from projects import views

app_name = "projects"
urlpatterns = [
    path("projekte/", views.project_list, name="list"),
    path("projekte/<slug:slug>/", views.project_detail, name="detail"),
    path("loesungen/", views.solution_list, name="solutions"),
    path("loesungen/<slug:slug>/", views.solution_detail, name="solution"),
]
