# SPDX-License-Identifier: Apache-2.0
"""A Galera cluster: three MariaDB servers of this machine's that hold the same.

Those that join have all data copied from the first one (SST), by rsync. One
that was killed asks InnoDB where it was, as Debian's service does, and then
needs but the write sets that it missed (IST).
"""

import os
import shutil
import signal

from engines import Mariadb, Missing, ServedStore
from processes import free_port

PROVIDER = "/usr/lib/galera/libgalera_smm.so"

# What copies the data to a node that joins.
PROGRAMS = ("wsrep_sst_rsync", "rsync")

# The state of a node that has all that the others have.
SYNCED = 4


class Node(Mariadb):
    """One of the servers. The first one's data is made, the others' come."""

    def __init__(self, cluster, number):
        self.cluster = cluster
        self.number = number
        self.group_port = free_port()
        self.transfer_port = free_port()
        self.copy_port = free_port()
        super().__init__()

    def make(self):
        if self.number == 0:
            super().make()
        else:
            self.call("mkdir", self.data)
            self.socket = os.path.join(self.folder, "socket")

    def start(self):
        """Its cluster starts it."""

    def give_rights(self):
        """The first one's are the others'."""

    def options(self):
        provider = ";".join((
            "gcache.size=32M", "gcache.page_size=8M",
            f"base_host=127.0.0.1;base_port={self.group_port}",
            f"gmcast.listen_addr=tcp://127.0.0.1:{self.group_port}",
            f"ist.recv_addr=127.0.0.1:{self.transfer_port}"))
        peers = ",".join(f"127.0.0.1:{node.group_port}"
                         for node in self.cluster.nodes)
        return super().options() + [
            "--wsrep-on=ON", f"--wsrep-provider={PROVIDER}",
            "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2",
            "--innodb-flush-method=nosync", "--sync-frm=0",
            f"--wsrep-cluster-address=gcomm://{peers}",
            f"--wsrep-cluster-name=usage-{self.cluster.nodes[0].group_port}",
            f"--wsrep-node-name=node{self.number}",
            f"--wsrep-node-address=127.0.0.1:{self.group_port}",
            "--wsrep-sst-method=rsync",
            f"--wsrep-sst-receive-address=127.0.0.1:{self.copy_port}",
            f"--wsrep-provider-options={provider}"]

    def rows(self, tables, database):
        """As they are once all is there that any node has committed."""
        self.run("SET SESSION wsrep_sync_wait = 1; SELECT 1")
        return super().rows(tables, database)

    def run_server(self, *more):
        """Start, and wait until it has all that the others have."""
        self.launch(self.program(), *self.options(), *more)

    def answers(self):
        """Whether it is one of the cluster and takes statements."""
        try:
            return self.status("wsrep_local_state") == SYNCED
        except Missing:
            assert self.process.poll() is None, self.log()
            return None

    def status(self, name):
        """A number that the server counts."""
        return int(self.run(f"SHOW GLOBAL STATUS LIKE '{name}'").split()[-1])

    def kill(self):
        self.end(signal.SIGKILL)

    def recover(self):
        """Come back after a crash: from where InnoDB was."""
        self.call(self.program(), *self.options(), "--wsrep-recover",
                  f"--log-error={self.folder}/recovered.log")
        with open(os.path.join(self.folder, "recovered.log")) as file:
            found = [line.split()[-1] for line in file
                     if "WSREP: Recovered position" in line]
        self.run_server(f"--wsrep-start-position={found[-1]}")


class Cluster:
    """Three nodes."""

    kind = Node

    def __init__(self, size=3):
        for needed in (PROVIDER, *PROGRAMS):
            if not shutil.which(needed) and not os.path.exists(needed):
                raise Missing(f"{needed} is missing: see build/packages.sh")
        self.nodes = []
        try:
            for number in range(size):
                self.nodes.append(self.kind(self, number))
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        first, *others = self.nodes
        first.run_server("--wsrep-new-cluster")
        Mariadb.give_rights(first)
        for node in others:
            node.run_server()

    def stores(self):
        """One database, as each node has it."""
        first = ServedStore(self.nodes[0])
        others = [ServedStore(node, first.name) for node in self.nodes[1:]]
        return [first, *others]

    def stop(self):
        for node in self.nodes:
            node.stop()
