-- Writes the tokens of a grant as a Spring server does, in the place of those that the grant had.
-- KEYS: the grant's note, the mark of its end. ARGV: 1 what every key begins with, 2 when the note ends; of the access token:
-- 3 value, 4 stream, 5 authentication, 6 end, 7 key of `auth_to_access:`, 8 client, 9 client:owner or nothing; of the refresh
-- token, or nothing each: 10 value, 11 stream, 12 authentication, 13 end. Ends are in seconds since 1970; 0 is without end.
-- Answers 1, or 0 when the grant has ended.
local note, prefix = KEYS[1], ARGV[1]
if redis.call('EXISTS', KEYS[2]) == 1 then
    return 0
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

local function index(name, at)
    put_in(prefix .. name, ARGV[4])
    until_end(prefix .. name, at)
end

take_access_token(prefix, note)
if redis.call('HGET', note, 'refresh') ~= refresh then
    take_refresh_token(prefix, note)
end
redis.call('HMSET', note, 'access', access, 'key', ARGV[7], 'client', ARGV[8])
set('access:' .. access, ARGV[4], ARGV[6])
set('auth:' .. access, ARGV[5], ARGV[6])
set('auth_to_access:' .. ARGV[7], ARGV[4], ARGV[6])
index('client_id_to_access:' .. ARGV[8], ARGV[6])
if ARGV[9] ~= '' then
    redis.call('HSET', note, 'uname', ARGV[9])
    index('uname_to_access:' .. ARGV[9], ARGV[6])
end
if refresh ~= '' then
    redis.call('HSET', note, 'refresh', refresh)
    set('refresh:' .. refresh, ARGV[11], ARGV[13])
    set('refresh_auth:' .. refresh, ARGV[12], ARGV[13])
    set('refresh_to_access:' .. refresh, access, ARGV[13])
    set('access_to_refresh:' .. access, refresh, ARGV[13])
end
until_end(note, ARGV[2])
return 1
