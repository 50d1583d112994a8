#!/usr/bin/env bash
# A Slurm cluster of two nodes on this machine, for root, without systemd, cgroups or accounting: slurm.sh start|stop FOLDER
# Commands find it by SLURM_CONF=FOLDER/slurm.conf.
set -euo pipefail
export PATH=$PATH:/usr/sbin
folder=$(realpath -m "$2")
export SLURM_CONF=$folder/slurm.conf

write_configuration() {
  local host
  host=$(hostname -s)
  cat >"$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
KillWait=2
SlurmdParameters=config_overrides
SlurmctldPort=16817
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/slurmctld.log
StateSaveLocation=$folder/state
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmdLogFile=$folder/slurmd-%n.log
SlurmdSpoolDir=$folder/spool-%n
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17001-17002] CPUs=1 RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
  # slurmd loads a plugin for cgroups even where nothing uses them; early releases know no "disabled".
  case $(slurmd -V) in
    *\ 2[0-2].* | *\ 23.02*) echo CgroupPlugin=cgroup/v1 ;;
    *) echo CgroupPlugin=disabled ;;
  esac >"$folder/cgroup.conf"
}

start() {
  mkdir -p "$folder/state" "$folder/spool-n1" "$folder/spool-n2" "$folder/munge"
  write_configuration
  # A munged of its own would need another socket everywhere; one that runs already serves.
  if ! munge -n >/dev/null 2>&1; then
    [[ -s /etc/munge/munge.key ]] || mungekey -c -f
    mkdir -p /run/munge
    chown -R munge:munge /run/munge /etc/munge /var/lib/munge /var/log/munge
    setpriv --reuid=munge --regid=munge --clear-groups munged --force --pid-file=/run/munge/vdeblur-test.pid
    echo started >"$folder/munge/started"
  fi
  slurmctld -c -f "$SLURM_CONF"
  for node in n1 n2; do slurmd -N "$node" -f "$SLURM_CONF"; done
  for _ in $(seq 100); do
    [[ $(sinfo -h -t idle -o %D 2>/dev/null) == 2 ]] && return
    sleep 0.2
  done
  sinfo >&2
  return 1
}

stop() {
  for file in "$folder"/slurmd-n[12].pid "$folder/slurmctld.pid"; do [[ ! -s $file ]] || kill "$(cat "$file")" || true; done
  if [[ -e $folder/munge/started ]]; then kill "$(cat /run/munge/vdeblur-test.pid)" || true; fi
}

"$1"
