-- Takes a waiting request out. It is a script and no transaction, because a Redis that is full takes no transaction,
-- not even one that only removes.
-- KEYS: 1 the hash. ARGV: 1 id. Answers its value, or nothing.
local value = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1])
return value
