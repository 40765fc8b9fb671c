-- Writes tokens of a grant as a Spring server does, beside those that the grant has.
-- KEYS: the grant's note, the mark of its end. ARGV: 1 what every key begins with, 2 when the note ends; of the access token:
-- 3 value, 4 stream, 5 authentication, 6 end, 7 key of `auth_to_access:`, 8 client, 9 client:owner or nothing; of the refresh
-- token, or nothing each: 10 value, 11 stream, 12 authentication, 13 end. Ends are in seconds since 1970; 0 is without end.
-- Answers the fields of the note; none when the grant has ended.
local note, prefix = KEYS[1], ARGV[1]
if redis.call('EXISTS', KEYS[2]) == 1 then
    return {}
end
local access, refresh = ARGV[3], ARGV[10]

local function until_end(key, at)
    if at == '0' then
        redis.call('PERSIST', key)
    else
        redis.call('EXPIREAT', key, at)
    end
end

local function set(name, value, at)
    redis.call('SET', prefix .. name, value)
    until_end(prefix .. name, at)
end

local function put_in(index, stream, at)
    local kind = kind_of(index)
    if kind == 'list' then
        redis.call('LREM', index, 0, stream)
        redis.call('RPUSH', index, stream)
    elseif kind == 'set' or kind == 'none' then
        redis.call('SADD', index, stream)
    else
        return
    end
    until_end(index, at)
end

-- First what takes the rest away again, whatever becomes of the rest.
local places = {key = ARGV[7], client = ARGV[8]}
if ARGV[9] ~= '' then
    places.uname = ARGV[9]
end
redis.call('HSET', note, 'access:' .. access, cjson.encode(places))
until_end(note, ARGV[2])
if refresh ~= '' then
    redis.call('HSET', note, 'refresh:' .. refresh, '')
    set('refresh:' .. refresh, ARGV[11], ARGV[13])
    set('refresh_auth:' .. refresh, ARGV[12], ARGV[13])
    set('refresh_to_access:' .. refresh, access, ARGV[13])
    set('access_to_refresh:' .. access, refresh, ARGV[13])
end
set('access:' .. access, ARGV[4], ARGV[6])
set('auth:' .. access, ARGV[5], ARGV[6])
set('auth_to_access:' .. ARGV[7], ARGV[4], ARGV[6])
put_in(prefix .. 'client_id_to_access:' .. ARGV[8], ARGV[4], ARGV[6])
if ARGV[9] ~= '' then
    put_in(prefix .. 'uname_to_access:' .. ARGV[9], ARGV[4], ARGV[6])
end
return redis.call('HKEYS', note)
