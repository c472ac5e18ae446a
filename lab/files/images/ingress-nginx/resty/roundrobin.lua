-- Replaces resty.roundrobin of lua-resty-balancer. Weighted, by remaining credit.
local M = {}
M.__index = M

function M:new(nodes)
  local this = setmetatable({}, self)
  this:reinit(nodes)
  return this
end

function M:reinit(nodes)
  self.nodes, self.ids, self.credit, self.total = nodes, {}, {}, 0
  for id, weight in pairs(nodes) do
    weight = tonumber(weight) or 1
    if weight > 0 then
      table.insert(self.ids, id)
      -- Each worker starts at a random credit, so that a few requests to many workers still spread.
      self.credit[id] = math.random() * weight
      self.total = self.total + weight
    end
  end
end

function M:find()
  local best
  for _, id in ipairs(self.ids) do
    self.credit[id] = self.credit[id] + (tonumber(self.nodes[id]) or 1)
    if not best or self.credit[id] > self.credit[best] then best = id end
  end
  if not best then return nil, "no nodes" end
  self.credit[best] = self.credit[best] - self.total
  return best
end

M.next = M.find

return M
