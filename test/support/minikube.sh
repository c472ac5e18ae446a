#!/bin/sh
# Stands for the `minikube` program in tests: the commands and answers that the cluster stage uses, in
# the shapes of minikube 1.38, which test/live/nodes.spec.ts compares. Its world is the folder
# $MINIKUBE_WORLD: profiles/ has a folder for each profile, with its nodes, one a line (the first is called
# "first"), machines/ a file for each container, with its state, and joined/ one for each node in the API.
set -eu
here=$PWD
cd "$MINIKUBE_WORLD"
echo "$*" >> calls
name='' node='' previous=''
for word in "$@"; do
  case $word in --profile=*) name=${word#*=} ;; esac
  [ "$previous" != --profile ] || name=$word
  [ "$previous" != --node ] || node=$word
  previous=$word
done
profile=profiles/$name
event() { printf '{"specversion":"1.0","type":"io.k8s.sigs.minikube.%s","data":%s}\n' "$1" "$2"; }
machine_of() { [ "$1" = first ] && echo "$name" || echo "$name-$1"; }
create() { # a machine that was not there joins the cluster
  [ -e "machines/$1" ] || touch "joined/$1"
  echo running > "machines/$1"
}
names() {
  separator=''
  while read -r each; do
    [ "$each" != first ] || each=''
    printf '%s{"Name":"%s"}' "$separator" "$each"
    separator=,
  done < "$1/nodes"
}

case "$1 ${2:-}" in
  'profile list')
    # Without the folder of profiles it does not ask Docker.
    [ -d profiles ] || { printf '{"invalid":[],"valid":[]}'; exit 0; }
    valid='' invalid='' owned=''
    for folder in profiles/*/; do
      [ -d "$folder" ] || continue
      folder=${folder%/}
      if [ -e "$folder/broken" ]; then
        invalid="$invalid,{\"Name\":\"${folder#profiles/}\",\"Status\":\"\",\"Config\":null}"
      else
        valid="$valid,{\"Name\":\"${folder#profiles/}\",\"Status\":\"Skipped\",\"Config\":{\"UUID\":\"$(cat "$folder/uuid" 2>/dev/null || true)\",\"Nodes\":[$(names "$folder")]}}"
        owned="$owned $(while read -r each; do name=${folder#profiles/} machine_of "$each"; done < "$folder/nodes" | tr '\n' ' ')"
      fi
    done
    case " $* " in
      *' --light '*) invalid='' ;;
      *)
        # A container without a profile counts as a broken one.
        [ -e docker-is-down ] || for container in machines/*; do
          [ -e "$container" ] || continue
          container=${container#machines/}
          case "$owned $invalid " in *" $container "* | *"\"$container\""*) continue ;; esac
          invalid="$invalid,{\"Name\":\"$container\",\"Status\":\"\",\"Config\":null}"
        done
        ;;
    esac
    printf '{"invalid":[%s],"valid":[%s]}' "${invalid#,}" "${valid#,}"
    ;;
  'status '*)
    # It cannot tell when a container is missing or Docker does not answer, and then crashes.
    if [ -e docker-is-down ] || [ ! -e "machines/$node" ]; then
      printf null
      exit 2
    fi
    [ "$(cat "machines/$node")" = running ] && state=Running || state=Stopped
    printf '{"Name":"%s","Host":"%s","Kubelet":"%s"}' "$node" "$state" "$state"
    # The exit code is no verdict.
    exit 4
    ;;
  'start '*)
    echo "${MINIKUBE_NODES:-}" > nodes-variable
    if [ ! -d "$profile" ]; then
      mkdir -p "$profile"
      echo first > "$profile/nodes"
      echo "${MINIKUBE_UUID:-}" > "$profile/uuid"
    fi
    while read -r each; do create "$(machine_of "$each")"; done < "$profile/nodes"
    event step '{"currentstep":"0","totalsteps":"19","name":"Initial Minikube Setup","message":"starting"}'
    event download.progress '{"artifact":"preload","progress":"0.5"}'
    case " $* " in
      *' --driver=kvm2 '*) rm -f "machines/$name"; mkdir -p ".minikube/machines/$name" ;;
    esac
    [ ! -e resets ] || event error '{"message":"Unable to restart control-plane node(s), will reset cluster: timed out"}'
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
  'update-context '*)
    [ -d "$profile" ] || exit 85
    cd "$here"
    if [ ! -e "$KUBECONFIG" ]; then
      cat "$MINIKUBE_WORLD/kubeconfig" > "$KUBECONFIG"
      chmod 644 "$KUBECONFIG"
    elif ! grep -qF "$(grep -o 'http://[0-9.:]*' "$MINIKUBE_WORLD/kubeconfig")" "$KUBECONFIG"; then
      # It replaces embedded keys by paths, of which there are none.
      echo '{}' > "$KUBECONFIG"
    fi
    ;;
  'version '*) echo v1.38.1 ;;
  'node add')
    echo "$MINIKUBE_MEMORY" > memory
    each=m0$(($(wc -l < "$profile/nodes") + 1))
    echo "$each" >> "$profile/nodes"
    echo running > "machines/$name-$each"
    [ ! -e never-join ] || { echo 'X Exiting due to GUEST_NODE_ADD: error joining worker node' >&2; exit 80; }
    touch "joined/$name-$each"
    [ -z "${RECORDS:-}" ] || mkdir -p "$RECORDS/machines/$name-$each"
    ;;
  'node delete')
    # It needs the machine, and waits two minutes for a node that never joined.
    [ -e "machines/$name-$3" ] && [ -e "joined/$name-$3" ] || { echo "no node $3" >&2; exit 80; }
    sed -i "/^$3\$/d" "$profile/nodes"
    rm "machines/$name-$3" "joined/$name-$3"
    [ -z "${RECORDS:-}" ] || rmdir "$RECORDS/machines/$name-$3"
    ;;
  'ssh '*) echo 'kubelet: failed to run Kubelet' ;;
  'logs '*) echo 'kubelet: something is wrong' ;;
  'delete '*)
    # Without an answer of Docker, it forgets the profile and leaves the containers.
    if [ ! -e docker-is-down ]; then
      # It knows the workers from the profile alone.
      [ ! -d "$profile" ] || [ -e "$profile/broken" ] || while read -r each; do
        rm -f "machines/$(machine_of "$each")" "joined/$(machine_of "$each")"
      done < "$profile/nodes"
      rm -f "machines/$name" "joined/$name"
    fi
    rm -rf "$profile" ".minikube/machines/$name"
    ;;
  *)
    echo "unknown command: $*" >&2
    exit 64
    ;;
esac
