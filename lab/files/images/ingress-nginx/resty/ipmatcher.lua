-- Only the global rate limit uses it, which is off unless asked for; asked for, it says so.
return { new = function() return nil, "resty.ipmatcher is not in this image" end }
