from django.urls import path

from asking import views

app_name = "asking"
urlpatterns = [
    path("", views.ask_office, name="office"),
    path("loesung/<slug:slug>/", views.ask_about_solution, name="solution"),
    path("projekt/<slug:slug>/", views.ask_about_project, name="project"),
    path("abgesendet/", views.asked, name="asked"),
    path("fehler/", views.report, name="report"),
    path("fehler/gemeldet/", views.reported, name="reported"),
    path("bestaetigen/<str:token>/", views.confirm, name="confirm"),
    path("stand/<str:token>/", views.see, name="see"),
    path("zurueckziehen/<str:token>/", views.withdraw, name="withdraw"),
    path("geholfen/<str:token>/", views.rate, name="rate"),
    path("antworten/<str:token>/", views.reply, name="reply"),
]
