-- Replaces a refresh token by its successor.
-- KEYS and ARGV: see grant.lua, and KEYS[6] the refresh token, ARGV[12] the grace in seconds.
-- Answers {'rotated'}, {'unknown'}, {'reused'} or
-- {'same_successor', own half of the access token, its record, own half of the refresh token}.
local presented = find_refresh_token(KEYS[6])
if not presented or is_revoked() then
  return {'unknown'}
end

if not presented.rotated_at then
  end_access_tokens()
  redis.call('HSET', KEYS[6], 'rotated_at', ARGV[1], 'next_access', ARGV[4], 'next_refresh', ARGV[8])
  write_tokens()
  return {'rotated'}
end

local function same_successor()
  if now - tonumber(presented.rotated_at) > tonumber(ARGV[12]) or presented.next_refresh == '' then
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
