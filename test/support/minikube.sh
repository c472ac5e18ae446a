#!/bin/sh
# Stands for the `minikube` program in tests: the commands and answers that the cluster stage uses, in
# the shapes of minikube 1.38. Its world is the folder $MINIKUBE_WORLD: a folder below profiles/ for each
# profile, with its nodes, one a line (the first is called "first"), and its hosts' state.
set -eu
here=$PWD
cd "$MINIKUBE_WORLD"
echo "$*" >> calls
name='' count=1 previous=''
for word in "$@"; do
  case $word in
    --profile=*) name=${word#*=} ;;
    --nodes=*) count=${word#*=} ;;
  esac
  [ "$previous" != --profile ] || name=$word
  previous=$word
done
event() { printf '{"specversion":"1.0","type":"io.k8s.sigs.minikube.%s","data":%s}\n' "$1" "$2"; }
names() { # each node's name as minikube gives it; the first has none
  while read -r node; do
    [ "$node" != first ] || node=''
    printf '%s{"Name":"%s"%s}' "$separator" "${1:-}$node" "${2:-}"
    separator=,
  done < "$profile/nodes"
}
profile=profiles/$name

case "$1 ${2:-}" in
  'profile list')
    valid='' invalid=''
    for profile in profiles/*/; do
      [ -d "$profile" ] || continue
      profile=${profile%/} separator=''
      if [ -e "$profile/broken" ]; then
        invalid="$invalid,{\"Name\":\"${profile#profiles/}\"}"
      else
        valid="$valid,{\"Name\":\"${profile#profiles/}\",\"Config\":{\"Nodes\":[$(names)]}}"
      fi
    done
    printf '{"invalid":[%s],"valid":[%s]}' "${invalid#,}" "${valid#,}"
    ;;
  'status '*)
    separator=''
    # It cannot tell when a container is missing or Docker does not answer.
    [ "$(cat "$profile/host")" != unreadable ] || { echo null; exit 7; }
    states=$(names "" ",\"Host\":\"$(cat "$profile/host")\"")
    # One node is an object, several are a list; and the exit code is no verdict.
    case $states in *,{*) echo "[$states]" ;; *) echo "$states" ;; esac
    exit 4
    ;;
  'start '*)
    if [ ! -d "$profile" ]; then
      mkdir -p "$profile"
      { echo first; i=2; while [ $i -le "$count" ]; do echo "m0$i"; i=$((i + 1)); done; } > "$profile/nodes"
    fi
    echo Running > "$profile/host"
    event step '{"currentstep":"0","totalsteps":"19","name":"Initial Minikube Setup","message":"starting"}'
    event download.progress '{"artifact":"preload","progress":"0.5"}'
    left=$(cat fail-starts)
    if [ "$left" -gt 0 ]; then
      echo $((left - 1)) > fail-starts
      event error '{"message":"kubeadm init timed out","advice":"have patience","exitcode":"80"}'
      exit 80
    fi
    cd "$here"
    mkdir -p "$(dirname "$KUBECONFIG")"
    cat "$MINIKUBE_WORLD/kubeconfig" > "$KUBECONFIG"
    chmod 644 "$KUBECONFIG"
    ;;
  'node add') echo "m0$(($(wc -l < "$profile/nodes") + 1))" >> "$profile/nodes" ;;
  'node delete') sed -i "/^$3\$/d" "$profile/nodes" ;;
  'version '*) echo v1.38.1 ;;
  'logs '*) echo 'kubelet: something is wrong' ;;
  'delete '*) rm -rf "$profile" "$KUBECONFIG" ;;
  *)
    echo "unknown command: $*" >&2
    exit 64
    ;;
esac
