-- Uses a code up, if what is shown with it is what it is bound to.
-- KEYS: 1 the code. ARGV: 1 now, 2 how long a used code is remembered, 3 the longest TTL; in seconds, 4 the
-- client, 5 the redirect URI or '?', 6 the challenge that the verifier meets or ''.
-- Answers {'redeemed', record}, {'replayed', grant whose tokens were given for it or ''}, {'other_client'},
-- {'other_redirect_uri'}, {'other_verifier'}, {'unknown'} or {'damaged'}.
-- The value is '<expires_at>:<client>:<redirect URI>:<challenge>:<record>', with '?' after a redirect URI that may
-- be left out and no challenge where there was none; of a used code the record is nothing, or '+' and that grant.
local value = redis.call('GET', KEYS[1])
if not value then
  return {'unknown'}
end
local expires_at, client, redirect_uri, left_out, challenge, record =
  string.match(value, '^(%d+):([%w_-]*):([%w_-]*)(%??):([%w_-]*):(.*)$')
if not expires_at then
  return {'damaged'}
end
local now = tonumber(ARGV[1])
local forget_at = tonumber(expires_at) + tonumber(ARGV[2])
local is_used = record == '' or string.sub(record, 1, 1) == '+'
if now >= (is_used and forget_at or tonumber(expires_at)) then
  return {'unknown'}
end
if ARGV[4] ~= client then
  return {'other_client'}
end
if ARGV[5] ~= redirect_uri and not (ARGV[5] == '?' and left_out == '?') then
  return {'other_redirect_uri'}
end
if ARGV[6] ~= challenge then
  return {'other_verifier'}
end
if is_used then
  return {'replayed', string.sub(record, 2)}
end
local ttl = math.min(forget_at - now, tonumber(ARGV[3]))
local used = string.sub(value, 1, #value - #record)
redis.call('SET', KEYS[1], used, 'EX', string.format('%.0f', ttl))
return {'redeemed', record}
