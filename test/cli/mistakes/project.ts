import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../lab/checkout.ts'
import type { Files } from '../../lab/files.ts'

const bundled = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** A workflow of a project's own: each mistake in a file is a replacement in it. Its lines have numbers that the golden text names. */
export const NTP = `name: ntp
description: Another time server for the leaves
params:
  server: { type: ipAddress, example: 192.0.2.1 }
targets: role:leaf
change:
  lines:
    - ntp server vrf MGMT {{ server }}
steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 1m, stableFor: 10s, checks: [reachable, bgp-established] }
  - confirm
`

/** Its switches: those of `eosflow init`, at addresses that nothing listens at. */
export const INVENTORY = `version: 1
defaults: { protocol: http, credentials: simulated }
credentials:
  simulated: { username: admin, password: admin, simulated: true }
devices:
  spine1: { host: 127.0.0.1, port: 1, tags: { role: spine, asn: 65000, loopback: 10.0.250.1 } }
  spine2: { host: 127.0.0.1, port: 2, tags: { role: spine, asn: 65000, loopback: 10.0.250.2 } }
  leaf1: { host: 127.0.0.1, port: 11, tags: { role: leaf, mlag: pair1, asn: 65101, loopback: 10.0.250.11 } }
  leaf2: { host: 127.0.0.1, port: 12, tags: { role: leaf, mlag: pair1, asn: 65101, loopback: 10.0.250.12 } }
  leaf3: { host: 127.0.0.1, port: 13, tags: { role: leaf, mlag: pair2, asn: 65102, loopback: 10.0.250.13 } }
  leaf4: { host: 127.0.0.1, port: 14, tags: { role: leaf, mlag: pair2, asn: 65102, loopback: 10.0.250.14 } }
`

/** The files of the project of each mistake. */
export const FILES: Files = {
  'eosflow.yaml': 'version: 1\ninventory: inventory.yaml\n',
  'inventory.yaml': INVENTORY,
  'workflows/ntp.yaml': NTP,
  'workflows/add-vlan.yaml': bundled('workflows/add-vlan.yaml'),
  'workflows/templates/vlan.j2': bundled('workflows/templates/vlan.j2'),
  'tests/add-vlan.test.yaml':
    'version: 1\nworkflow: workflows/add-vlan.yaml\nfabric: fabrics/dc1\ncases: [{ name: it works, expect: { outcome: succeeded } }]\n',
}
