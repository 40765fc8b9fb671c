-- Adds a key to the ring, when the ring is as the caller saw it and has no key of that name.
-- KEYS: 1 the ring. ARGV: 1 now, 2 key id, 3 '<expires_at>:<record>', 4 TTL, then the ids that were seen.
-- Answers 'added' or 'raced'.
local now = tonumber(ARGV[1])
local missing, is_seen = 0, {}
for i = 5, #ARGV do
  if not is_seen[ARGV[i]] then
    is_seen[ARGV[i]] = true
    missing = missing + 1
  end
end
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if now < tonumber(string.match(all[i + 1], '^(%d+):')) then
    if not is_seen[all[i]] or all[i] == ARGV[2] then
      return 'raced'
    end
    missing = missing - 1
  end
end
if missing ~= 0 then
  return 'raced'
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 'added'
