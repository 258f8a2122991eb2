# SPDX-License-Identifier: Apache-2.0
"""What usage-agent says of agent strings."""

import os
import subprocess

import place

PROGRAM = os.path.join(place.BUILD, "mod_usage", "usage-agent")


def bots(agents):
    """{agent: (kind, name)} of those that are bots'; agents are bytes."""
    agents = list(agents)
    lines = subprocess.run([PROGRAM], input=b"".join(
        agent + b"\n" for agent in agents), stdout=subprocess.PIPE,
        check=True).stdout.decode().splitlines()
    assert len(lines) == len(agents)
    answers = [line.split("\t") for line in lines]
    return {agent: (answer[1], answer[2])
            for agent, answer in zip(agents, answers) if answer[0] == "bot"}
