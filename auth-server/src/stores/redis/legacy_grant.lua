-- Functions that the scripts on a written grant share. `note` is a hash of ours beside the Spring server's keys, with a field
-- for each token that was written of a grant: `access:VALUE`, which says where its indexes have it, and `refresh:VALUE`.

-- Up to 2.3.3 an index of access tokens was a list, and later it is a set. What is neither is nobody's index.
local function kind_of(index)
    return redis.call('TYPE', index).ok
end

local function take_out(index, stream)
    local kind = kind_of(index)
    if kind == 'list' then
        redis.call('LREM', index, 0, stream)
    elseif kind == 'set' then
        redis.call('SREM', index, stream)
    end
end

local function take_access_token(prefix, note, access)
    local places = redis.call('HGET', note, 'access:' .. access)
    if not places then
        return
    end
    places = cjson.decode(places)
    local stream = redis.call('GET', prefix .. 'access:' .. access)
    for _, name in ipairs({'access:', 'auth:', 'access_to_refresh:'}) do
        redis.call('DEL', prefix .. name .. access)
    end
    if stream then
        local again = prefix .. 'auth_to_access:' .. places.key
        if redis.call('GET', again) == stream then
            redis.call('DEL', again)
        end
        take_out(prefix .. 'client_id_to_access:' .. places.client, stream)
        if places.uname then
            take_out(prefix .. 'uname_to_access:' .. places.uname, stream)
        end
    end
    redis.call('HDEL', note, 'access:' .. access)
end

local function take_refresh_token(prefix, note, refresh)
    if redis.call('HDEL', note, 'refresh:' .. refresh) == 0 then
        return
    end
    for _, name in ipairs({'refresh:', 'refresh_auth:', 'refresh_to_access:'}) do
        redis.call('DEL', prefix .. name .. refresh)
    end
end

-- Takes the token of a field of the note away.
local function take_token(prefix, note, field)
    local kind, value = string.match(field, '^(%a+):(.*)$')
    if kind == 'access' then
        take_access_token(prefix, note, value)
    else
        take_refresh_token(prefix, note, value)
    end
end

