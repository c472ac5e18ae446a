-- Debian packages this library under another name.
return require("nginx.cookie")
