-- Makes an account with a link that is good once, which is in the slot of the accounts for that.
-- KEYS: 1 the link, 2 the records, 3 the names, 4 the lists. ARGV: 1 now, 2 name, 3 the record, then its members of the lists.
-- Answers 'added', 'taken' or 'over'.
local link = redis.call('GET', KEYS[1])
local ends = link and tonumber(string.match(link, '^(%d+):') or '0')
if not ends or tonumber(ARGV[1]) >= ends then
  return 'over'
end
if redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3]) == 0 then
  return 'taken'
end
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[3], 0, ARGV[2])
for i = 4, #ARGV do
  redis.call('ZADD', KEYS[4], 0, ARGV[i])
end
return 'added'
