-- Keeps decisions, by scope, and the hash as long as its last one.
-- KEYS: 1 the hash. ARGV: 1 the TTL that the decisions need, then scope and decision in turn.
for i = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return 'recorded'
