-- Issues the tokens of a code, unless its grant was revoked. KEYS and ARGV: see grant.lua.
-- Answers {'issued'} or {'grant_revoked'}.
if is_revoked() then
  return {'grant_revoked'}
end
write_tokens()
return {'issued'}
