#!/usr/bin/env bash
# Two computers on the loopback interface, 127.0.0.2 and 127.0.0.3, each with an sshd of its own that sees its own SCRATCH folder only:
# ssh.sh start|stop FOLDER [SCRATCH]. FOLDER/hosts is a host file for GNU parallel. For root, without systemd.
set -euo pipefail
folder=$(realpath -m "$2")

start() {
  local scratch=$3
  mkdir -p "$folder" "$scratch" /run/sshd
  chmod 700 "$folder"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/host"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/user"
  cp "$folder/user.pub" "$folder/authorized"
  cat >"$folder/ssh" <<END
#!/bin/sh
exec ssh -F /dev/null -p 12222 -i $folder/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "\$@"
END
  chmod +x "$folder/ssh"
  for number in 2 3; do
    unshare --mount bash -c "mount -t tmpfs none '$scratch' && exec /usr/sbin/sshd -f /dev/null -o Port=12222 \
      -o ListenAddress=127.0.0.$number -o HostKey='$folder/host' -o AuthorizedKeysFile='$folder/authorized' -o UsePAM=no \
      -o PasswordAuthentication=no -o StrictModes=no -o PidFile='$folder/pid-$number' -o MaxStartups=100 -o MaxSessions=100 \
      -o SetEnv='PATH=$PATH'"
    echo "1/$folder/ssh root@127.0.0.$number"
  done >"$folder/hosts"
}

stop() {
  for file in "$folder"/pid-*; do [[ ! -s $file ]] || kill "$(cat "$file")" || true; done
}

"$1" "$@"
