"""Authlib against our authorization server: every grant, and the metadata it reads."""

import sys

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.integrations.base_client.errors import OAuthError

from pages import approve

auth, resource, client = sys.argv[1:]
TOKEN = f"{auth}/oauth/token"
SCOPES = ["photo.read", "profile"]


def photos(session: OAuth2Session) -> list[dict]:
    answer = session.get(f"{resource}/photos")
    answer.raise_for_status()
    return answer.json()


def web(method: str, **options: object) -> OAuth2Session:
    return OAuth2Session("print-photo", "print-photo-secret", scope=" ".join(SCOPES),
                         redirect_uri=f"{client}/callback", token_endpoint=TOKEN,
                         token_endpoint_auth_method=method, **options)


def authorization_code(method: str, pkce: bool) -> None:
    session = web(method, **({"code_challenge_method": "S256"} if pkce else {}))
    verifier = {"code_verifier": generate_token(48)} if pkce else {}
    url, state = session.create_authorization_url(f"{auth}/oauth/authorize", **verifier)
    back = approve(url, SCOPES)
    token = session.fetch_token(TOKEN, authorization_response=back, state=state, **verifier)
    assert token["token_type"].lower() == "bearer", token
    assert {photo["owner"] for photo in photos(session)} == {"xiaoming"}

    renewed = session.refresh_token(TOKEN, refresh_token=token["refresh_token"])
    assert renewed["access_token"] != token["access_token"]
    photos(session)
    session.revoke_token(f"{auth}/oauth/revoke", token=renewed["access_token"])
    assert session.get(f"{resource}/photos").status_code == 401


def public_client() -> None:
    session = OAuth2Session("photo-spa", scope="photo.read", redirect_uri=f"{client}/spa",
                            token_endpoint_auth_method="none", code_challenge_method="S256")
    verifier = generate_token(48)
    url, state = session.create_authorization_url(f"{auth}/oauth/authorize", code_verifier=verifier)
    back = approve(url, ["photo.read"])
    session.fetch_token(TOKEN, authorization_response=back, state=state, code_verifier=verifier)
    photos(session)


def implicit() -> None:
    session = OAuth2Session("photo-spa", scope="photo.read", redirect_uri=f"{client}/spa",
                            token_endpoint_auth_method="none")
    url, state = session.create_authorization_url(f"{auth}/oauth/authorize", response_type="token")
    back = approve(url, ["photo.read"])
    session.fetch_token(authorization_response=back, state=state)
    photos(session)


def password() -> None:
    session = OAuth2Session("photo-desktop", "photo-desktop-secret", scope="photo.read")
    token = session.fetch_token(TOKEN, username="lihua", password="photos4me")
    assert {photo["owner"] for photo in photos(session)} == {"lihua"}
    session.refresh_token(TOKEN, refresh_token=token["refresh_token"])
    photos(session)
    try:
        session.fetch_token(TOKEN, username="lihua", password="wrong")
    except OAuthError as error:
        assert error.error == "invalid_grant", error
    else:
        raise AssertionError("a wrong password was taken")


def client_credentials() -> None:
    session = OAuth2Session("photo-backup", "photo-backup-secret", scope="photo.read")
    token = session.fetch_token(TOKEN, grant_type="client_credentials")
    assert "refresh_token" not in token
    assert len({photo["owner"] for photo in photos(session)}) > 1


def introspection() -> None:
    backup = OAuth2Session("photo-backup", "photo-backup-secret", scope="photo.read")
    token = backup.fetch_token(TOKEN, grant_type="client_credentials")
    space = OAuth2Session("photo-space", "photo-space-secret")
    answer = space.introspect_token(f"{auth}/oauth/introspect", token=token["access_token"])
    answer = answer.json()
    assert answer["active"] is True and answer["client_id"] == "photo-backup", answer


def metadata() -> None:
    from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

    answer = requests.get(f"{auth}/.well-known/oauth-authorization-server")
    found = AuthorizationServerMetadata(answer.json())
    assert found["issuer"] == auth and found["token_endpoint"] == TOKEN, found
    # Authlib holds issuers to https; on localhost that is the one thing it may complain about.
    for key in found.REGISTRY_KEYS:
        if key in found or key == "response_types_supported":
            try:
                getattr(found, f"validate_{key}")()
            except ValueError as error:
                assert "https" in str(error), (key, error)


for method in ("client_secret_basic", "client_secret_post"):
    for pkce in (False, True):
        authorization_code(method, pkce)
public_client()
implicit()
password()
client_credentials()
introspection()
metadata()
