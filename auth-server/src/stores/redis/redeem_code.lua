-- Uses a code of a client up.
-- KEYS: 1 the code. ARGV: 1 now, 2 how long a used code is remembered, 3 the longest TTL; in seconds, 4 the
-- client. Answers {'redeemed', record}, {'replayed', grant whose tokens were given for it or ''},
-- {'other_client'}, {'unknown'} or {'damaged'}.
-- The value is '<expires_at>:<client>:<record>', of a used code '<expires_at>:<client>:', and then perhaps '+'
-- and that grant.
local value = redis.call('GET', KEYS[1])
if not value then
  return {'unknown'}
end
local expires_at, client, record = string.match(value, '^(%d+):([^:]*):(.*)$')
if not expires_at then
  return {'damaged'}
end
local now = tonumber(ARGV[1])
local forget_at = tonumber(expires_at) + tonumber(ARGV[2])
local is_used = record == '' or string.sub(record, 1, 1) == '+'
if now >= (is_used and forget_at or tonumber(expires_at)) then
  return {'unknown'}
end
if client ~= ARGV[4] then
  return {'other_client'}
end
if is_used then
  return {'replayed', string.sub(record, 2)}
end
local ttl = math.min(forget_at - now, tonumber(ARGV[3]))
redis.call('SET', KEYS[1], expires_at .. ':' .. client .. ':', 'EX', string.format('%.0f', ttl))
return {'redeemed', record}
