# SPDX-License-Identifier: Apache-2.0
"""All faults by name; each of these modules registers its own."""

import importlib

import registry

for module in ("flusher_faults", "server_faults", "database_faults"):
    importlib.import_module(module)

FAULTS = registry.FAULTS
