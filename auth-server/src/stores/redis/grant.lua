-- What all scripts on a grant share. All keys of a grant are in one slot, so those of its tokens may be
-- made from the grant's beginning of keys and the members of its indexes.
-- KEYS: 1 index of access tokens, 2 index of refresh tokens, 3 mark of revocation.
-- ARGV: 1 now, 2 the beginning of the grant's keys, 3 how long a revocation is remembered, in seconds.
local now = tonumber(ARGV[1])

local function access_key(own_half)
  return ARGV[2] .. 'access:' .. own_half
end

local function refresh_key(own_half)
  return ARGV[2] .. 'refresh:' .. own_half
end

local function is_revoked()
  local until_when = redis.call('GET', KEYS[3])
  -- A mark that is damaged was a mark.
  return until_when and now < (tonumber(until_when) or now + 1)
end

local function end_access_tokens()
  for _, own_half in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    redis.call('DEL', access_key(own_half))
  end
  redis.call('DEL', KEYS[1])
end

local function end_grant()
  end_access_tokens()
  for _, own_half in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    redis.call('DEL', refresh_key(own_half))
  end
  redis.call('DEL', KEYS[2])
  local until_when = string.format('%.0f', now + tonumber(ARGV[3]))
  redis.call('SET', KEYS[3], until_when, 'EX', ARGV[3])
end

-- Adds to an index, without what is over, and keeps the index as long as its last member.
local function add_to_index(index, own_half, forget_at, ttl)
  redis.call('ZREMRANGEBYSCORE', index, '-inf', ARGV[1])
  redis.call('ZADD', index, forget_at, own_half)
  if redis.call('TTL', index) < tonumber(ttl) then
    redis.call('EXPIRE', index, ttl)
  end
end

-- Writes the new tokens. ARGV from 4: access token: own half, record, expires_at, ttl; refresh token
-- (or nothing): own half, record, forget_at, ttl. Their keys are KEYS[4] and KEYS[5].
local function write_tokens()
  redis.call('SET', KEYS[4], ARGV[5], 'EX', ARGV[7])
  add_to_index(KEYS[1], ARGV[4], ARGV[6], ARGV[7])
  if ARGV[8] ~= '' then
    redis.call('DEL', KEYS[5])
    redis.call('HSET', KEYS[5], 'record', ARGV[9], 'forget_at', ARGV[10])
    redis.call('EXPIRE', KEYS[5], ARGV[11])
    add_to_index(KEYS[2], ARGV[8], ARGV[10], ARGV[11])
  end
end

-- A refresh token that is not over, or nil.
local function find_refresh_token(key)
  local found = redis.call('HMGET', key, 'forget_at', 'rotated_at', 'next_access', 'next_refresh', 'previous')
  local forget_at = tonumber(found[1] or '')
  if not forget_at or now >= forget_at then
    return nil
  end
  return {rotated_at = found[2], next_access = found[3], next_refresh = found[4], previous = found[5]}
end

-- Whether the grant has a refresh token that is not over, whichever.
local function has_refresh_token()
  return #redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf', 'LIMIT', 0, 1) > 0
end
