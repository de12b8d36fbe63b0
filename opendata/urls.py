from django.urls import path

from opendata import api, views

app_name = "opendata"
urlpatterns = [
    path("daten/", views.about, name="about"),
    path("daten/schnittstelle/", views.interface, name="interface"),
    path("daten/katalog", views.dcat_catalogue, name="catalogue"),
    path("daten/katalog.<slug:ending>", views.dcat_file, name="catalogue_file"),
    path("daten/publiccode/publishers.yml", views.publishers, name="publishers"),
    path("daten/publiccode/<slug:slug>.yml", views.publiccode_file, name="publiccode"),
    path("daten/alles.zip", views.everything, name="everything"),
    path("daten/alles.sha256", views.digest_of_everything, name="everything_digest"),
    path("daten/<slug:name>.<slug:ending>", views.export, name="export"),
    path("api/v1/", api.root, name="api"),
    path("api/v1/schema", api.schema, name="api-schema"),
    *api.described(),
    path("api/v1/<path:rest>", api.nothing, name="api-nothing"),
]
