-- Replaces a refresh token by its successor.
-- KEYS and ARGV: see grant.lua, and KEYS[6] the refresh token, ARGV[12] its own half, ARGV[13] the grace in seconds.
-- Answers {'rotated'}, {'unknown'}, {'reused'} or
-- {'same_successor', own half of the access token, its record, own half of the refresh token}.
local presented = find_refresh_token(KEYS[6])
if is_revoked() or not (presented or has_refresh_token()) then
  return {'unknown'}
end
-- It was ours, and its grant goes on without it: it was used longer ago.
if not presented then
  end_grant()
  return {'reused'}
end

if not presented.rotated_at then
  end_access_tokens()
  -- The one before it cannot have the same successor any more, so nothing about it has to be kept.
  if presented.previous then
    redis.call('DEL', refresh_key(presented.previous))
    redis.call('ZREM', KEYS[2], presented.previous)
  end
  redis.call('HSET', KEYS[6], 'rotated_at', ARGV[1], 'next_access', ARGV[4], 'next_refresh', ARGV[8])
  write_tokens()
  redis.call('HSET', KEYS[5], 'previous', ARGV[12])
  return {'rotated'}
end

local function same_successor()
  local rotated_at = tonumber(presented.rotated_at)
  if not rotated_at or now - rotated_at > tonumber(ARGV[13]) or presented.next_refresh == '' then
    return nil
  end
  local successor = find_refresh_token(refresh_key(presented.next_refresh))
  if not successor or successor.rotated_at then
    return nil
  end
  local expires_at = redis.call('ZSCORE', KEYS[1], presented.next_access)
  if not expires_at or now >= tonumber(expires_at) then
    return nil
  end
  return redis.call('GET', access_key(presented.next_access))
end

local access_token = same_successor()
if access_token then
  return {'same_successor', presented.next_access, access_token, presented.next_refresh}
end
end_grant()
return {'reused'}
