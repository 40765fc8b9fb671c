"""The resource owner: signs in and approves on the authorization server's pages, as a browser would."""

import html
import re
from urllib.parse import urljoin

import requests


def hidden_fields(page: str, form_id: str) -> dict[str, str]:
    form = page.split(f'<form id="{form_id}"', 1)[1].split("</form>", 1)[0]
    fields = re.findall(r'<input name="([^"]+)" value="([^"]*)" type="hidden">', form)
    return {name: html.unescape(value) for name, value in fields}


def approve(authorization_url: str, scopes: list[str]) -> str:
    """Signs xiaoming in, approves these scopes, and returns the address that the browser is sent back to."""
    browser = requests.Session()
    page = browser.get(authorization_url)
    page.raise_for_status()
    form = hidden_fields(page.text, "loginForm")
    form |= {"username": "xiaoming", "password": "photos4me"}
    answer = browser.post(urljoin(page.url, "/login"), data=form, allow_redirects=False)
    # What was approved before is not asked again: then this leads straight back to the client.
    page = browser.get(urljoin(answer.url, answer.headers["Location"]), allow_redirects=False)
    if page.is_redirect:
        return page.headers["Location"]
    form = hidden_fields(page.text, "confirmationForm")
    form |= {f"scope.{scope}": "true" for scope in scopes}
    answer = browser.post(urljoin(page.url, "/oauth/authorize"), data=form, allow_redirects=False)
    assert answer.is_redirect, (answer.status_code, answer.text)
    return answer.headers["Location"]
