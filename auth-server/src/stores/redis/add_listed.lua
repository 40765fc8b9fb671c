-- Keeps a registration where there is none.
-- KEYS: 1 the records, 2 the names, 3 the lists. ARGV: 1 name, 2 the record, then its members of the lists. Answers whether it did.
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return 0
end
redis.call('ZADD', KEYS[2], 0, ARGV[1])
for i = 3, #ARGV do
  redis.call('ZADD', KEYS[3], 0, ARGV[i])
end
return 1
