-- Removes a registration. It is a script and no transaction, because a Redis that is full takes no transaction, not
-- even one that only removes.
-- KEYS: 1 the records, 2 the names. ARGV: 1 name. Answers whether there was one.
local removed = redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return removed
