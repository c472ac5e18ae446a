#!/bin/sh
# Stands for the `docker` program in tests. It has the containers of the pretended minikube.
set -eu
cd "$MINIKUBE_WORLD"
if [ -e docker-is-down ]; then
  echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
  exit 1
fi
case "$1 ${2:-}" in
  'container ls')
    for container in machines/*; do
      [ -e "$container" ] || continue
      name=${container#machines/}
      echo "$name $(cat "$container") $(cat "ids/$name" 2>/dev/null || echo "id-$name")"
    done
    ;;
  'info --format') cat daemon ;;
  *)
    echo "unknown command: $*" >&2
    exit 64
    ;;
esac
