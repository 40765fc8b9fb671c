-- Removes a registration. It is a script and no transaction, because a Redis that is full takes no transaction, not
-- even one that only removes.
-- KEYS: 1 the records, 2 the names, 3 the lists. ARGV: 1 name, then its members of the lists. Answers whether there was one.
local removed = redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
for i = 2, #ARGV do
  redis.call('ZREM', KEYS[3], ARGV[i])
end
return removed
