-- Replaces resty.chash of lua-resty-balancer. Consistent hashing with 160 points per unit of weight.
local M = {}
M.__index = M

function M:new(nodes)
  local this = setmetatable({}, self)
  this:reinit(nodes)
  return this
end

function M:reinit(nodes)
  local ring = {}
  for id, weight in pairs(nodes) do
    for point = 1, 160 * (tonumber(weight) or 1) do
      table.insert(ring, { at = ngx.crc32_long(id .. "#" .. point), id = id })
    end
  end
  table.sort(ring, function(a, b) return a.at < b.at or (a.at == b.at and a.id < b.id) end)
  self.nodes, self.ring = nodes, ring
end

function M:find(key)
  local ring = self.ring
  if #ring == 0 then return nil, "no nodes" end
  local wanted, low, high = ngx.crc32_long(tostring(key)), 1, #ring + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if ring[middle].at < wanted then low = middle + 1 else high = middle end
  end
  if low > #ring then low = 1 end
  return ring[low].id, low
end

function M:next(index)
  if #self.ring == 0 then return nil, "no nodes" end
  index = index % #self.ring + 1
  return self.ring[index].id, index
end

return M
