-- Replaces a registration that nobody has changed meanwhile.
-- KEYS: 1 the records. ARGV: 1 name, 2 the record as it was read, 3 the record in its place. Answers whether it was there.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
