-- Lets a request wait in a session; beyond a number of them the oldest goes.
-- KEYS: 1 the hash. ARGV: 1 now, 2 how many may wait, 3 id, 4 requested_at, 5 expires_at, 6 record, 7 TTL.
-- A value is '<expires_at>:<requested_at>:<arrival>:<record>'; arrival tells apart what came within one
-- second.
local now = tonumber(ARGV[1])
local waiting, arrival = {}, 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local id = all[i]
  local expires_at, requested_at, number = string.match(all[i + 1], '^(%d+):(%d+):(%d+):')
  -- One that is damaged is as good as over.
  if not expires_at or tonumber(expires_at) <= now then
    redis.call('HDEL', KEYS[1], id)
  else
    arrival = math.max(arrival, tonumber(number) + 1)
    if id ~= ARGV[3] then
      table.insert(waiting, {id = id, requested_at = tonumber(requested_at), number = tonumber(number)})
    end
  end
end
table.sort(waiting, function(one, other)
  if one.requested_at ~= other.requested_at then
    return one.requested_at < other.requested_at
  end
  return one.number < other.number
end)
for i = 1, #waiting + 1 - tonumber(ARGV[2]) do
  redis.call('HDEL', KEYS[1], waiting[i].id)
end
local head = ARGV[5] .. ':' .. ARGV[4] .. ':' .. string.format('%.0f', arrival) .. ':'
redis.call('HSET', KEYS[1], ARGV[3], head .. ARGV[6])
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[7]) then
  redis.call('EXPIRE', KEYS[1], ARGV[7])
end
return 'stored'
