-- Only the global rate limit uses this library, and that is off by default.
return { new = function() return nil, "resty.ipmatcher is not in this image" end }
