import { readFileSync } from 'node:fs'
import { bundled } from '../../project/system/bundled.ts'
import type { BothConfigs } from '../../report/demo/text.ts'

// How the demo differs from the workflow that it runs: it waits for seconds where a network deserves minutes.
const SHORTER: readonly (readonly [from: string, to: string])[] = [
  ['within: 3m', 'within: 20s'],
  ['stableFor: 30s', 'stableFor: 2s\n      every: 1s'],
]

/** The bundled `workflows/add-vlan.yaml` with short waiting times, and what was made shorter. Throws when it no longer has them. */
export function flagship(): { readonly text: string; readonly shorter: string } {
  let text = readFileSync(bundled('workflows/add-vlan.yaml'), 'utf8')
  for (const [from, to] of SHORTER) {
    if (!text.includes(from)) throw new RangeError(`workflows/add-vlan.yaml does not say \`${from}\` any more`)
    text = text.replace(from, to)
  }
  return { text, shorter: SHORTER.map(([from, to]) => `${from} → ${to.split('\n')[0]?.split(': ')[1]}`).join(', ') }
}

export const MISTAKE = `# Moves the underlay sessions of one leaf to another AS: with the wrong number, which no switch can know.
name: move-underlay
params:
  spineAs: { type: integer, minimum: 1, maximum: 4294967295 }
targets: leaf3
change:
  mode: merge
  lines:
    - router bgp {{ device.tags.asn }}
    - neighbor IPv4-UNDERLAY-PEERS remote-as {{ spineAs }}
steps:
  - snapshot: { state: [interfaces, bgp, lldp, mlag] }
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify:
      within: 5s
      stableFor: 2s
      every: 1s
      checks: [reachable, bgp-established, mlag-healthy, interfaces-up, lldp-as-before]
  - confirm
onFailure: rollback
`

export interface DemoChange {
  readonly workflow: string
  readonly params: readonly string[]
}

export const CHANGE: DemoChange = {
  workflow: 'workflows/add-vlan.yaml',
  params: ['vlan=140', 'label=PROD-CACHE', 'trunks=[Port-Channel1]'],
}

export const MISTAKEN_CHANGE: DemoChange = { workflow: 'workflows/move-underlay.yaml', params: ['spineAs=65009'] }

/** Whether every leaf has the VLAN of {@link CHANGE} in both configurations. */
export function isSaved(read: ReadonlyMap<string, BothConfigs>): boolean {
  const leaves = [...read].filter(([name]) => name.startsWith('leaf'))
  return leaves.every(([, { running, startup }]) => [running, startup].every(hasVlan))
}

function hasVlan(config: string) {
  return /^vlan 140\n {3}name PROD-CACHE$/m.test(config)
}
