-- Takes tokens of a grant away from a Spring server.
-- KEYS: the grant's note. ARGV: what every key begins with, then fields of the note.
local note, prefix = KEYS[1], ARGV[1]
for place = 2, #ARGV do
    local kind, value = string.match(ARGV[place], '^(%a+):(.*)$')
    if kind == 'access' then
        take_access_token(prefix, note, value)
    else
        take_refresh_token(prefix, note, value)
    end
end
return 1
