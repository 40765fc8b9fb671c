-- Remembers with a used code the grant of the tokens that were given for it, unless its own was revoked.
-- KEYS: 1 the code, 2 mark of revocation. ARGV: 1 now, 2 the grant. Answers 'noted' or 'grant_revoked'.
local until_when = redis.call('GET', KEYS[2])
if until_when and tonumber(ARGV[1]) < tonumber(until_when) then
  return 'grant_revoked'
end
local value = redis.call('GET', KEYS[1])
local used = value and string.match(value, '^(%d+:[%w_-]*:[%w_-]*%??:[%w_-]*:)$')
if used then
  redis.call('SET', KEYS[1], used .. '+' .. ARGV[2], 'KEEPTTL')
end
return 'noted'
