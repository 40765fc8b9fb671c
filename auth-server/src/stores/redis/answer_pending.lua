-- Gives a waiting request its answer.
-- KEYS: 1 the hash. ARGV: 1 now, 2 id, 3 the answer, 4 when it is forgotten.
-- Answers {'answered'}, {'answered_before', the earlier answer} or {'unknown'}.
-- A value is as store_pending.lua writes it; the answer goes in front of its record, on a line of its own. A Redis that
-- is full has no room for it: then the request only ends.
local value = redis.call('HGET', KEYS[1], ARGV[2])
if not value then
  return {'unknown'}
end
local expires_at, arrival, record = string.match(value, '^(%d+):(%d+:%d+):(.*)$')
-- One that is damaged is as good as over.
if not expires_at or tonumber(ARGV[1]) >= tonumber(expires_at) then
  return {'unknown'}
end
local earlier = string.match(record, '^(.-)\n')
if earlier then
  return {'answered_before', earlier}
end
local forget_at = ARGV[4]
if tonumber(expires_at) < tonumber(forget_at) then
  forget_at = expires_at
end
local remembered = redis.pcall('HSET', KEYS[1], ARGV[2], forget_at .. ':' .. arrival .. ':' .. ARGV[3] .. '\n' .. record)
if type(remembered) == 'table' and remembered.err then
  redis.call('HDEL', KEYS[1], ARGV[2])
end
return {'answered'}
