-- Takes the tokens of a grant away from a Spring server, and leaves a mark, so that what is under way does not bring them
-- back.
-- KEYS: the grant's note, the mark of its end. ARGV: what every key begins with, how many seconds the mark stays.
local note, prefix = KEYS[1], ARGV[1]
for _, field in ipairs(redis.call('HKEYS', note)) do
    take_token(prefix, note, field)
end
redis.call('DEL', note)
-- A Redis that is full takes no mark.
redis.pcall('SETEX', KEYS[2], ARGV[2], '')
return 1
