-- Uses a code up.
-- KEYS: 1 the code. ARGV: 1 now, 2 how long a used code is remembered, 3 the longest TTL; in seconds.
-- Answers {'redeemed', record}, {'replayed'}, {'unknown'} or {'damaged'}.
-- The value is '<expires_at>:<record>', of a used code '<expires_at>:'.
local value = redis.call('GET', KEYS[1])
if not value then
  return {'unknown'}
end
local expires_at, record = string.match(value, '^(%d+):(.*)$')
if not expires_at then
  return {'damaged'}
end
local now = tonumber(ARGV[1])
local forget_at = tonumber(expires_at) + tonumber(ARGV[2])
if record == '' then
  return {now < forget_at and 'replayed' or 'unknown'}
end
if now >= tonumber(expires_at) then
  return {'unknown'}
end
local ttl = math.min(forget_at - now, tonumber(ARGV[3]))
redis.call('SET', KEYS[1], expires_at .. ':', 'EX', string.format('%.0f', ttl))
return {'redeemed', record}
