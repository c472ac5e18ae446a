-- Debian names the same library otherwise.
return require("nginx.cookie")
