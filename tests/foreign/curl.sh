#!/usr/bin/env bash
# Every grant with nothing but curl and sed, as somebody tries a server by hand.
set -euo pipefail

auth=$1 resource=$2 client=$3
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

fetch() {
  curl --silent --show-error --cookie "$directory/cookies" --cookie-jar "$directory/cookies" "$@"
}

# hidden NAME: the first hidden field of that name in the page on standard input.
hidden() {
  sed -n "s/.*<input name=\"$1\" value=\"\([^\"]*\)\" type=\"hidden\">.*/\1/p" | head -n 1
}

# member NAME: a string of the JSON object on standard input.
member() {
  sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"
}

# expect TEXT IN WHAT
expect() {
  if [[ $2 != *"$1"* ]]; then
    echo "$3: \`$1\` is not in: $2" >&2
    exit 1
  fi
}

photos() {
  curl --silent --show-error --fail -H "Authorization: Bearer $1" "$resource/photos"
}

echo "authorization code"
page=$(fetch --location "$auth/oauth/authorize?response_type=code&client_id=print-photo&redirect_uri=$client/callback&scope=photo.read+profile&state=xyz")
csrf=$(hidden _csrf <<<"$page") authorization=$(hidden authorization <<<"$page")
page=$(fetch --location --data-urlencode username=xiaoming --data-urlencode password=photos4me \
  --data-urlencode "_csrf=$csrf" --data-urlencode "authorization=$authorization" "$auth/login")
csrf=$(hidden _csrf <<<"$page") authorization=$(hidden authorization <<<"$page")
location=$(fetch --output "$directory/answer" --write-out '%{redirect_url}' --data user_oauth_approval=true \
  --data scope.photo.read=true --data scope.profile=true \
  --data-urlencode "_csrf=$csrf" --data-urlencode "authorization=$authorization" "$auth/oauth/authorize")
expect "$client/callback?" "$location" "the redirect"
expect "state=xyz" "$location" "the redirect"
code=$(sed -n 's/.*[?&]code=\([^&]*\).*/\1/p' <<<"$location")
answer=$(fetch --user print-photo:print-photo-secret --data grant_type=authorization_code \
  --data-urlencode "code=$code" --data-urlencode "redirect_uri=$client/callback" "$auth/oauth/token")
expect xiaoming "$(photos "$(member access_token <<<"$answer")")" "the photos"

echo "refresh token"
refresh_token=$(member refresh_token <<<"$answer")
answer=$(fetch --user print-photo:print-photo-secret --data grant_type=refresh_token \
  --data-urlencode "refresh_token=$refresh_token" "$auth/oauth/token")
expect xiaoming "$(photos "$(member access_token <<<"$answer")")" "the photos"

echo "password"
answer=$(fetch --user photo-desktop:photo-desktop-secret --data grant_type=password \
  --data username=lihua --data password=photos4me --data scope=photo.read "$auth/oauth/token")
expect lihua "$(photos "$(member access_token <<<"$answer")")" "the photos"

echo "client credentials"
answer=$(fetch --data grant_type=client_credentials --data client_id=photo-backup \
  --data client_secret=photo-backup-secret "$auth/oauth/token")
expect lihua "$(photos "$(member access_token <<<"$answer")")" "the photos"

echo "check_token"
facts=$(fetch --user photo-space:photo-space-secret \
  --data-urlencode "token=$(member access_token <<<"$answer")" "$auth/oauth/check_token")
expect photo-backup "$facts" "check_token"
