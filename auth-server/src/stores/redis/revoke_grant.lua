-- Ends a grant. KEYS and ARGV: 1 to 3 of grant.lua.
end_grant()
return {'revoked'}
