-- Functions that the scripts on a written grant share. `note` is a hash of ours beside the Spring server's keys: the value
-- of the grant's access token (`access`), where its indexes have it (`key`, `client`, `uname`; the last may be missing), and
-- the value of its refresh token (`refresh`).

-- An index of access tokens is a set; up to 2.3.3 it was a list.
local function is_list(index)
    return redis.call('TYPE', index).ok == 'list'
end

local function put_in(index, stream)
    if is_list(index) then
        redis.call('RPUSH', index, stream)
    else
        redis.call('SADD', index, stream)
    end
end

local function take_out(index, stream)
    if is_list(index) then
        redis.call('LREM', index, 0, stream)
    else
        redis.call('SREM', index, stream)
    end
end

local function take_access_token(prefix, note)
    local noted = redis.call('HMGET', note, 'access', 'key', 'client', 'uname')
    local access = noted[1]
    if not access then
        return
    end
    local stream = redis.call('GET', prefix .. 'access:' .. access)
    for _, name in ipairs({'access:', 'auth:', 'access_to_refresh:'}) do
        redis.call('DEL', prefix .. name .. access)
    end
    if stream then
        local again = prefix .. 'auth_to_access:' .. noted[2]
        if redis.call('GET', again) == stream then
            redis.call('DEL', again)
        end
        take_out(prefix .. 'client_id_to_access:' .. noted[3], stream)
        if noted[4] then
            take_out(prefix .. 'uname_to_access:' .. noted[4], stream)
        end
    end
    redis.call('HDEL', note, 'access', 'key', 'client', 'uname')
end

local function take_refresh_token(prefix, note)
    local refresh = redis.call('HGET', note, 'refresh')
    if not refresh then
        return
    end
    for _, name in ipairs({'refresh:', 'refresh_auth:', 'refresh_to_access:'}) do
        redis.call('DEL', prefix .. name .. refresh)
    end
    redis.call('HDEL', note, 'refresh')
end

