-- Ends a grant. KEYS and ARGV: 1 to 3 of grant.lua.
local was_revoked = is_revoked()
end_grant()
return {was_revoked and 'again' or 'revoked'}
