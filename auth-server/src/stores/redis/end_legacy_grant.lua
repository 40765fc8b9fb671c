-- Takes the tokens of a grant away from a Spring server. Of a grant that has ended a mark is left, so that what is under way
-- does not bring them back.
-- KEYS: the grant's note, the mark of its end. ARGV: what every key begins with, how many seconds the mark stays; 0 is none.
local note, prefix = KEYS[1], ARGV[1]
take_access_token(prefix, note)
take_refresh_token(prefix, note)
redis.call('DEL', note)
if ARGV[2] ~= '0' then
    -- A Redis that is full takes no mark.
    redis.pcall('SETEX', KEYS[2], ARGV[2], '')
end
return 1
