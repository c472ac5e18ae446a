-- Only the global rate limit uses it, which is off unless asked for; asked for, it says so.
return { new = function() return nil, "resty.global_throttle is not in this image" end }
