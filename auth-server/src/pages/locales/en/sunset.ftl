sunset-heading = Phasing out
sunset-lead = What ought to end, who still does it, and what to do instead. What was seen is remembered for 90 days, to about a minute.
sunset-ends = Announced to end
sunset-uses = { $count ->
    [one] once that day
   *[other] { $count } times that day
}
sunset-allowed = allowed, not seen
sunset-no-name = without a name
sunset-nobody = Nobody was seen, and no registration allows it.
sunset-nobody-yet = Nobody was found so far. Not everything has been searched.
sunset-more = More
sunset-all-clients = All clients
sunset-all-habits = Everything that ought to end
sunset-password-grant = Password grant
sunset-password-grant-instead = Send people here to sign in, and ask for a code with PKCE: no client should see a password (RFC 9700, section 2.4).
sunset-implicit-grant = Implicit grant
sunset-implicit-grant-instead = Ask for a code with PKCE: a token in an address is easily seen by others (RFC 9700, section 2.1.2).
sunset-code-without-pkce = Codes without PKCE
sunset-code-without-pkce-instead = Send code_challenge and code_verifier with the method S256, and then require PKCE of the client (RFC 9700, section 2.1.1).
sunset-token-by-get = Token requests by GET
sunset-token-by-get-instead = Ask by POST and show the secret in the Authorization header: addresses end up in logs (RFC 6749, section 2.3.1).
sunset-weak-secret = Secrets kept in plain text or as a weak hash
sunset-weak-secret-instead = Give the client a new secret, or keep the hash that auth-server hash-secret prints (RFC 6819, section 5.1.4.1.3).
sunset-check-token = Spring’s check_token
sunset-check-token-instead = Ask /oauth/introspect with the same client (RFC 7662, section 2).
sunset-token-key = Spring’s token_key
sunset-token-key-instead = Fetch the keys at /oauth/jwks, which names each of them and tells the next one before it signs (RFC 7517, section 5).
sunset-legacy-token = Tokens of the Spring server
sunset-legacy-token-instead = They end by themselves: whoever exchanges a refresh token or asks anew gets one of this server (RFC 6749, section 6).
