#!/bin/sh
# Ends the processes it was told about when the one that told it is gone, however that one ended: the kernel closes the
# pipe on our input even after kill -9. One line each: "add PID SIGNAL", "drop PID", "folder PATH" (removed at the end).
trap '' INT TERM HUP
members=
folder=

while read -r verb value signal; do
  case $verb in
    add) members="$members $value:$signal" ;;
    drop)
      kept=
      for member in $members; do
        [ "${member%%:*}" = "$value" ] || kept="$kept $member"
      done
      members=$kept
      ;;
    folder) folder=$value${signal:+ $signal} ;;
  esac
done

# A process that ended but was not collected by its parent still takes signals.
runs() {
  kill -0 "$1" || return 1
  [ -r "/proc/$1/stat" ] || return 0
  read -r stat <"/proc/$1/stat" || return 1
  case ${stat##*)} in
    " Z"*) return 1 ;;
  esac
}

for member in $members; do
  kill -s "${member#*:}" "${member%%:*}"
done
attempt=0
while [ -n "$members" ] && [ "$attempt" -lt 50 ]; do
  alive=
  for member in $members; do
    runs "${member%%:*}" && alive="$alive $member"
  done
  members=$alive
  [ -n "$members" ] && sleep 0.1
  attempt=$((attempt + 1))
done
# Whoever is left leads a process group of its own.
for member in $members; do
  kill -s KILL -- "-${member%%:*}" || kill -s KILL "${member%%:*}"
done
[ -n "$folder" ] && rm -rf -- "$folder"
exit 0
