# Shared by the commands here; sourced, never run.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
NODE_BINARY=$(readlink -f "$HERE/../../../node_modules/.bin/node")   # the Node that the project pins
CACHE=${CLUSTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/postern-cluster}
STATE=${CLUSTER_STATE:-$CACHE/state}
BIN=$CACHE/bin
IMAGES=$CACHE/images
API_PORT=${CLUSTER_API_PORT:-16443}      # on 127.0.0.1, in every mode
ETCD_PORT=${CLUSTER_ETCD_PORT:-12379}    # and the next one; control plane only
NODE=${CLUSTER_NODE_NAME:-node1}
NODE_IP=10.213.0.2                       # lives inside the node's own namespace
SERVICE_CIDR=10.96.0.0/16
DNS_IP=10.96.0.10
POD_CIDR=10.244.0.0/24

KUBE_VERSION=$(awk '$1 == "k8s.io/kubernetes" {print $2; exit}' "$HERE/kube/go.mod")

# Tools name the registry they use when they fail; no log of ours should.
mask() { sed -uE 's#https?://[^ ",)]+#<registry>#g'; }

say() { printf '%s\n' "cluster: $*" >&2; }
die() { say "$*"; exit 1; }

alive() { # NAME: is the process that we started under this name still there?
  local f=$STATE/pids/$1 pid started
  [ -s "$f" ] || return 1
  read -r pid started < "$f"
  [ -r "/proc/$pid/stat" ] && [ "$(start_time "$pid")" = "$started" ]
}

# A PID alone may have been given to another program since; its start time not.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

remember() { # NAME PID
  printf '%s %s\n' "$2" "$(start_time "$2")" > "$STATE/pids/$1"
}

pid_of() { local p _; read -r p _ < "$STATE/pids/$1"; printf '%s' "$p"; }

start() { # NAME COMMAND...: in the background, unless it runs already
  local name=$1; shift
  alive "$name" && return 0
  setsid "$@" >> "$STATE/logs/$name.log" 2>&1 < /dev/null 9>&- &
  remember "$name" $!
}

stop() { # NAME [SECONDS]: ask, wait so long, then insist
  local name=$1 left=$(( ${2:-10} * 10 )) pid
  if alive "$name"; then
    pid=$(pid_of "$name")
    # Inside the node a program is the child of the nsenter that we started,
    # which passes no signal on, and ends when the program does.
    [ "$(cat "/proc/$pid/comm")" = nsenter ] && pid=$(tr -d ' ' < "/proc/$pid/task/$pid/children")
    [ "$left" -gt 0 ] && kill -TERM "$pid" 2>/dev/null
    while alive "$name" && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
    alive "$name" && kill -KILL "$pid" 2>/dev/null
  fi
  rm -f "$STATE/pids/$name"
}

wait_for() { # SECONDS NAME COMMAND...: until the command succeeds; NAME must live
  local left=$(( $1 * 5 )) name=$2; shift 2
  until "$@" > /dev/null 2>&1; do
    if [ -n "$name" ] && ! alive "$name"; then
      tail -n 20 "$STATE/logs/$name.log" >&2
      die "$name stopped; its log is above and in $STATE/logs"
    fi
    left=$((left - 1))
    [ "$left" -gt 0 ] || { say "not in time: $*"; return 1; }
    sleep 0.2
  done
}

image() { "$NODE_BINARY" "$HERE/image.ts" "$@"; }

kubectl() { "$BIN/kubectl" --kubeconfig "$STATE/admin.kubeconfig" "$@"; }
