/** Files of a project by their path from its root. */
export type ProjectFiles = Readonly<Record<string, string | Uint8Array>>

/** The workflow of the well-formed project. */
export const WORKFLOW = `name: add-vlan
params:
  vlan:  { type: integer, minimum: 2, maximum: 4094 }
  label: { type: string, pattern: '[A-Z0-9-]{1,32}' }
targets: role:leaf
change: { mode: merge, template: vlan.j2 }
rollout: { waves: [1, 100%], keepApart: mlag }
steps:
  - snapshot: { state: [interfaces, bgp] }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify:
      within: 4m
      checks: [reachable, interfaces-up]
  - confirm
`

const TEMPLATE = `vlan {{ vlan }}
   name {{ label }}
`

/** Its inventory. */
export const INVENTORY = `defaults: { protocol: http, credentials: sim }
credentials:
  sim: { username: admin, password: admin, simulated: true }
devices:
  leaf1: { host: 127.0.0.1, port: 18081, tags: { role: leaf, mlag: pair1 } }
  leaf2: { host: 127.0.0.1, port: 18082, tags: { role: leaf, mlag: pair1 } }
`

/** Its fabric. */
export const FABRIC = `version: 1
name: two
devices:
  leaf1: { eos: 4.32.2F }
  leaf2: { eos: 4.32.2F }
cabling:
  - leaf1:Ethernet1 - leaf2:Ethernet1
`

const RUNNING = (name: string) => `hostname ${name}\n!\ninterface Ethernet1\n!\nend\n`

/** A small project that is well formed: every case breaks one thing of it. */
export const PROJECT: ProjectFiles = {
  'workflows/w.yaml': WORKFLOW,
  'workflows/vlan.j2': TEMPLATE,
  'inventory.yaml': INVENTORY,
  'params.yaml': 'vlan: 120\nlabel: PROD\n',
  'fabrics/two/fabric.yaml': FABRIC,
  'fabrics/two/leaf1/running-config': RUNNING('leaf1'),
  'fabrics/two/leaf2/running-config': RUNNING('leaf2'),
}
