/** Port of the web server. A port above 1023 needs no privileges. */
export const webPort = 8000;

/** Text that every page starts with. Checks recognise the server by it. */
export const bodyMark = "provenet web";

/**
 * nginx's configuration. `/` returns the mark and the pod's name as plain text. `/healthz` is for the
 * pod's probes and is not logged.
 */
export function serverConfig(): string {
  return `server {
  listen ${webPort};
  server_name _;
  default_type text/plain;

  location / {
    return 200 "${bodyMark}\\npod $hostname\\n";
  }

  location = /healthz {
    access_log off;
    return 200 "ok\\n";
  }
}
`;
}
