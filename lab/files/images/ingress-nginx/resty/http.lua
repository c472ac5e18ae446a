-- Only OCSP stapling uses this library, and that is off by default.
return { new = function() return nil, "resty.http is not in this image" end }
