"""The routes of sign-in, people and tokens."""

from django.urls import path

from agentdesk.people import link_pages, people_pages, rights_page, token_pages, views

urlpatterns = [
    path("", views.show_home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/demo/<str:username>/", views.sign_in_to_demo, name="sign_in_to_demo"),
    path("sign-in/link/<str:secret>/", link_pages.sign_in_by_link, name="sign_in_by_link"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.choose_own_password, name="own_password"),
    path("people/", people_pages.list_people, name="people"),
    path("people/rights/", rights_page.show_rights, name="rights"),
    path("people/invite/", people_pages.invite, name="invite"),
    path("people/<int:person_id>/role/", people_pages.give_role, name="give_role"),
    path("people/<int:person_id>/password/", people_pages.renew, name="renew_password"),
    path("people/<int:person_id>/deactivate/", people_pages.deactivate, name="deactivate"),
    path("people/<int:person_id>/reactivate/", people_pages.reactivate, name="reactivate"),
    path("tokens/", token_pages.list_tokens, name="tokens"),
    path("tokens/make/", token_pages.make, name="make_token"),
    path("tokens/<int:token_id>/revoke/", token_pages.revoke, name="revoke_token"),
]
