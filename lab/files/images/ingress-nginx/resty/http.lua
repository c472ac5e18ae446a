-- Only OCSP stapling uses it, which is off unless asked for; asked for, it says so.
return { new = function() return nil, "resty.http is not in this image" end }
