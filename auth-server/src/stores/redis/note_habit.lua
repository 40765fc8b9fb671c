-- Notes when clients were last seen with a habit, each beside what is known of it, and forgets who was not seen for long.
-- KEYS[1] the records: a hash of texts "TIME USES"; KEYS[2] the names: a sorted set, all with score 0
-- KEYS[3] the times: a sorted set of the names
-- ARGV[1] the time until which is forgotten who was last seen then; ARGV[2] seconds until all are
-- ARGV[3] … by threes: a client, the time, its uses on that day
for i = 3, #ARGV, 3 do
  local client, at, uses = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local known = redis.call('HGET', KEYS[1], client)
  local known_at, known_uses = string.match(known or '', '^(%d+) (%d+)$')
  if known_at then
    known_at, known_uses = tonumber(known_at), tonumber(known_uses)
    if math.floor(known_at / 86400) == math.floor(at / 86400) then
      at, uses = math.max(at, known_at), uses + known_uses
    elseif known_at > at then
      at, uses = known_at, known_uses
    end
  end
  redis.call('HSET', KEYS[1], client, string.format('%.0f %.0f', at, uses))
  redis.call('ZADD', KEYS[2], 0, client)
  redis.call('ZADD', KEYS[3], at, client)
end
local over = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[1], 'LIMIT', 0, 256)
if #over > 0 then
  redis.call('HDEL', KEYS[1], unpack(over))
  redis.call('ZREM', KEYS[2], unpack(over))
  redis.call('ZREM', KEYS[3], unpack(over))
end
for _, key in ipairs(KEYS) do
  redis.call('EXPIRE', key, ARGV[2])
end
return #over
