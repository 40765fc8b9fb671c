-- Takes tokens of a grant away from a Spring server.
-- KEYS: the grant's note. ARGV: what every key begins with, then fields of the note.
local note, prefix = KEYS[1], ARGV[1]
for place = 2, #ARGV do
    take_token(prefix, note, ARGV[place])
end
return 1
