-- Takes an access token of a grant away from a Spring server; the grant's refresh token stays.
-- KEYS: the grant's note. ARGV: what every key begins with, the access token's value.
local note, prefix = KEYS[1], ARGV[1]
if redis.call('HGET', note, 'access') == ARGV[2] then
    take_access_token(prefix, note)
end
return 1
