/** Port the web server listens on: above 1023, so that it needs no rights. */
export const webPort = 8000;

/** Text that every answer of `/` begins with, for a check to know the right server by. */
export const bodyMark = "provenet web";

/**
 * nginx's configuration of the one server: `/` answers the mark and the pod's name as plain text,
 * `/healthz` answers for the probes and is not logged.
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
