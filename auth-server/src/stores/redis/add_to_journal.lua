-- Adds entries to a section of the journal and lets go of what is beyond its bounds.
-- KEYS[1] the section: a stream; each entry has the fields at, entry
-- ARGV[1] how many entries are kept; ARGV[2] the time before which an entry is too old; ARGV[3] seconds until all are
-- ARGV[4] … by turns: the time of an entry, the entry
for i = 4, #ARGV, 2 do
  redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[1], '*', 'at', ARGV[i], 'entry', ARGV[i + 1])
end
local oldest = tonumber(ARGV[2])
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 256)
local kept = nil
for _, entry in ipairs(first) do
  local at = tonumber(entry[2][2])
  if at and at >= oldest then
    kept = entry[1]
    break
  end
end
if kept then
  redis.call('XTRIM', KEYS[1], 'MINID', kept)
elseif #first > 0 then
  redis.call('XTRIM', KEYS[1], 'MINID', first[#first][1])
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
return #first
