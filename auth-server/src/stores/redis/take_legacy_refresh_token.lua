-- Takes a refresh token of a Spring server away, with the access token that was given with it. Nobody else may use it
-- from then on.
-- KEYS: refresh:R, refresh_auth:R, refresh_to_access:R. ARGV: what every key begins with.
-- Answers 1 to whoever took it, 0 to everybody else.
local access = redis.call('GET', KEYS[3])
if redis.call('DEL', KEYS[1]) == 0 then
    return 0
end
redis.call('DEL', KEYS[2], KEYS[3])
if access then
    for _, name in ipairs({'access:', 'auth:', 'access_to_refresh:'}) do
        redis.call('DEL', ARGV[1] .. name .. access)
    end
end
return 1
