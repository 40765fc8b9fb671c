-- Notes whose store it is. Nothing is written that is there already: a Redis that is full refuses it.
-- KEYS: 1 the issuer. ARGV: 1 issuer, 2 TTL.
-- Answers the one before.
local before = redis.call('GET', KEYS[1])
if before ~= ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1])
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return before
