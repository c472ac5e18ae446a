-- Only the global rate limit uses this library, and that is off by default.
return { new = function() return nil, "resty.global_throttle is not in this image" end }
