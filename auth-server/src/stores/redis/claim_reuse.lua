-- Makes a token the last one that was issued under a reuse key, unless another came first.
-- KEYS: 1 the reuse key. ARGV: 1 the value that the caller saw, or '', 2 the new value, 3 its TTL.
-- Answers the value that holds now.
local value = redis.call('GET', KEYS[1])
if value and value ~= ARGV[1] then
  return value
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return ARGV[2]
