-- Replaces a registration that nobody has changed meanwhile.
-- KEYS: 1 the records, 2 the lists. ARGV: 1 name, 2 the record as it was read, 3 the record in its place, 4 how many members of
-- the lists go, then these, then those that come. Answers whether it was there.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
for i = 5, #ARGV do
  if i < 5 + tonumber(ARGV[4]) then
    redis.call('ZREM', KEYS[2], ARGV[i])
  else
    redis.call('ZADD', KEYS[2], 0, ARGV[i])
  end
end
return 1
