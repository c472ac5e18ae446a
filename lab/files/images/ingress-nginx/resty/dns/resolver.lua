-- Debian packages this library under another name.
return require("nginx.dns.resolver")
