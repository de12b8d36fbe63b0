from django.urls import path

from projects import (
    comparing_views,
    municipality_views,
    owner_views,
    reuse_views,
    stating_views,
    theme_views,
    views,
)

app_name = "projects"
urlpatterns = [
    path("projekte/", views.project_list, name="list"),
    path("projekte/<slug:slug>/", views.project_detail, name="detail"),
    path("loesungen/", views.solution_list, name="solutions"),
    path("loesungen/<slug:slug>/", views.solution_detail, name="solution"),
    path("loesungen/<slug:slug>/nachnutzung/", stating_views.state, name="state_reuse"),
    path(
        "loesungen/<slug:slug>/nachnutzung/abgesendet/", stating_views.stated, name="reuse_stated"
    ),
    path("nachnutzung/", reuse_views.reuse_list, name="reuses"),
    path("nachnutzung/bestaetigen/<str:token>/", stating_views.confirm, name="confirm_reuse"),
    path("nachnutzung/aendern/<str:token>/", stating_views.change, name="change_reuse"),
    path("nachnutzung/zurueckziehen/<str:token>/", stating_views.withdraw, name="withdraw_reuse"),
    path("nachnutzung/stimmt-noch/<str:token>/", stating_views.still_true, name="reuse_still_true"),
    path("eintraege/stimmt-noch/<str:token>/", owner_views.still_true, name="sheets_still_true"),
    path("produkte/<slug:slug>/", views.product_detail, name="product"),
    path("themen/", theme_views.theme_list, name="themes"),
    path("themen/<slug:slug>/", theme_views.theme_detail, name="theme"),
    path("vergleich/", comparing_views.comparison, name="compare"),
    path("merkliste/", comparing_views.remembered, name="remembered"),
    path("kommunen/suche/", municipality_views.search, name="municipality_search"),
    path("kommunen/<slug:key>/", municipality_views.detail, name="municipality"),
]
