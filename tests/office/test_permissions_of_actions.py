"""What is done to several rows at once is offered to those alone who may do it to one."""

from django.contrib import admin

# Of every action of the administration, which of the rights that its admin knows it needs.
NEEDS = {
    "accounts.User remove_second_factor": ["change"],
    "accounts.User send_password_mail": ["change"],
    "accounts.User sign_out_everywhere": ["change"],
    "communities.Membership export": ["view"],
    "consulting.ConsultationRequest assign_to_me": ["office"],
    "consulting.ConsultationRequest export": ["office"],
    "consulting.ConsultationRequest hand_back": ["office"],
    "consulting.Slot withdraw": ["change"],
    "consulting.SlotSeries withdraw": ["change"],
    "events.Registration export": ["view"],
    "mailing.Email send_again": ["send_again"],
    "projects.Project export": ["view"],
    "projects.Project mark_checked": ["office"],
    "projects.Theme merge": ["change", "delete"],
}


def test_every_action_needs_the_right_that_stands_here():
    needed = {}
    for model, model_admin in admin.site._registry.items():
        for action in model_admin.actions:
            function, name, _description = model_admin.get_action(action)
            needed[f"{model._meta.label} {name}"] = getattr(function, "allowed_permissions", None)

    assert needed == NEEDS
    # Django's own, for all models that have rows to delete.
    [(_name, delete)] = admin.site.actions
    assert list(delete.allowed_permissions) == ["delete"]
