from django.urls import path

from projects import municipality_views, views

app_name = "projects"
urlpatterns = [
    path("projekte/", views.project_list, name="list"),
    path("projekte/<slug:slug>/", views.project_detail, name="detail"),
    path("loesungen/", views.solution_list, name="solutions"),
    path("loesungen/<slug:slug>/", views.solution_detail, name="solution"),
    path("kommunen/suche/", municipality_views.search, name="municipality_search"),
    path("kommunen/<slug:key>/", municipality_views.detail, name="municipality"),
]
