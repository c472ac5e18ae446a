-- Replaces lua-resty-lock. One lock per key in a shared dictionary, with growing delays between attempts.
local M = {}
M.__index = M

function M:new(dictionary, options)
  local shared = ngx.shared[dictionary]
  if not shared then return nil, "dictionary not found" end
  options = options or {}
  return setmetatable({
    shared = shared,
    timeout = options.timeout or 5,
    exptime = options.exptime or 30,
    step = options.step or 0.001,
    max_step = options.max_step or 0.5,
  }, self)
end

function M:lock(key)
  if self.key then return nil, "locked" end
  local waited, pause = 0, self.step
  while true do
    local taken, why = self.shared:add(key, true, self.exptime)
    if taken then
      self.key = key
      return waited
    end
    if why ~= "exists" then return nil, why end
    if waited >= self.timeout then return nil, "timeout" end
    ngx.sleep(pause)
    waited, pause = waited + pause, math.min(pause * 2, self.max_step)
  end
end

function M:unlock()
  if not self.key then return nil, "unlocked" end
  self.shared:delete(self.key)
  self.key = nil
  return 1
end

return M
