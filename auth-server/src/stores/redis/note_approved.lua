-- Notes about which client an owner has decided something, until when that may hold.
-- KEYS: 1 the owner's clients, by that time. ARGV: 1 the client, 2 the time in seconds, 3 the TTL that it needs, 4 now.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4])
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not known or tonumber(known) < tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
end
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return 'noted'
