-- Keeps an entry of an index of one owner, of what was given or of sessions, as long as the last that it stands for, and
-- drops those that are over.
-- KEYS: 1 the sorted set of names by their end, 2 the hash of entries, each '<end>:<entry>'.
-- ARGV: 1 now, 2 name, 3 when it ends, 4 TTL, 5 entry. Answers 'kept'.
for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])) do
  redis.call('HDEL', KEYS[2], over)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
local before = redis.call('ZSCORE', KEYS[1], ARGV[2])
local ends = math.max(tonumber(ARGV[3]), before and tonumber(before) or 0)
redis.call('ZADD', KEYS[1], string.format('%.0f', ends), ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], string.format('%.0f', ends) .. ':' .. ARGV[5])
for i = 1, 2 do
  if redis.call('TTL', KEYS[i]) < tonumber(ARGV[4]) then
    redis.call('EXPIRE', KEYS[i], ARGV[4])
  end
end
return 'kept'
