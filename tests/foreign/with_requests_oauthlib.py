"""requests-oauthlib against our authorization server: every grant it knows."""

import os
import sys

# The library refuses plain http unless it is told that this is a test.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

from oauthlib.oauth2 import (
    BackendApplicationClient,
    InvalidGrantError,
    LegacyApplicationClient,
    MobileApplicationClient,
)
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from pages import approve

auth, resource, client = sys.argv[1:]
TOKEN = f"{auth}/oauth/token"
SCOPES = ["photo.read", "profile"]


def photos(session: OAuth2Session) -> list[dict]:
    answer = session.get(f"{resource}/photos")
    answer.raise_for_status()
    return answer.json()


def authorization_code(pkce: str | None, in_form: bool) -> None:
    session = OAuth2Session("print-photo", scope=SCOPES, redirect_uri=f"{client}/callback", pkce=pkce)
    url, _ = session.authorization_url(f"{auth}/oauth/authorize")
    back = approve(url, SCOPES)
    token = session.fetch_token(TOKEN, authorization_response=back,
                                client_secret="print-photo-secret", include_client_id=in_form or None)
    assert {photo["owner"] for photo in photos(session)} == {"xiaoming"}
    renewed = session.refresh_token(TOKEN, refresh_token=token["refresh_token"],
                                    auth=HTTPBasicAuth("print-photo", "print-photo-secret"))
    assert renewed["access_token"] != token["access_token"]
    photos(session)


def public_client() -> None:
    session = OAuth2Session("photo-spa", scope=["photo.read"], redirect_uri=f"{client}/spa", pkce="S256")
    url, _ = session.authorization_url(f"{auth}/oauth/authorize")
    back = approve(url, ["photo.read"])
    session.fetch_token(TOKEN, authorization_response=back, include_client_id=True)
    photos(session)


def implicit() -> None:
    session = OAuth2Session(client=MobileApplicationClient("photo-spa"), scope=["photo.read"],
                            redirect_uri=f"{client}/spa")
    url, _ = session.authorization_url(f"{auth}/oauth/authorize")
    session.token_from_fragment(approve(url, ["photo.read"]))
    photos(session)


def password() -> None:
    session = OAuth2Session(client=LegacyApplicationClient("photo-desktop", scope=["photo.read"]))
    token = session.fetch_token(TOKEN, username="lihua", password="photos4me",
                                client_id="photo-desktop", client_secret="photo-desktop-secret")
    assert {photo["owner"] for photo in photos(session)} == {"lihua"}
    session.refresh_token(TOKEN, refresh_token=token["refresh_token"],
                          auth=HTTPBasicAuth("photo-desktop", "photo-desktop-secret"))
    photos(session)
    try:
        session.fetch_token(TOKEN, username="lihua", password="wrong",
                            client_id="photo-desktop", client_secret="photo-desktop-secret")
    except InvalidGrantError:
        return
    raise AssertionError("a wrong password was taken")


def client_credentials() -> None:
    session = OAuth2Session(client=BackendApplicationClient("photo-backup", scope=["photo.read"]))
    token = session.fetch_token(TOKEN, client_id="photo-backup", client_secret="photo-backup-secret")
    assert "refresh_token" not in token
    assert len({photo["owner"] for photo in photos(session)}) > 1


for pkce in (None, "S256"):
    for in_form in (False, True):
        authorization_code(pkce, in_form)
public_client()
implicit()
password()
client_credentials()
