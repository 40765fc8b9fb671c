-- Issues an access token under a refresh token that stays as it is.
-- KEYS and ARGV: see grant.lua, and KEYS[6] the refresh token. Answers {'renewed'} or {'unknown'}.
local presented = find_refresh_token(KEYS[6])
if not presented or presented.rotated_at or is_revoked() then
  return {'unknown'}
end
end_access_tokens()
write_tokens()
return {'renewed'}
