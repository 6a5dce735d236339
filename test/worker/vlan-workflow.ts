/** In what the changes of these tests differ. */
interface VlanWorkflow {
  readonly name?: string
  readonly rollout?: string
  readonly confirmWithin?: string
  readonly verify?: string
  readonly state?: string
}

/** A workflow that makes one VLAN, by its parameter, on every switch at once. */
export function vlanWorkflow({
  name = 'vlan',
  rollout = 'atomic: change',
  confirmWithin = '2m',
  verify = 'within: 20s, stableFor: 1s, every: 1s',
  state = 'interfaces',
}: VlanWorkflow = {}): string {
  return `name: ${name}
targets: '*'
params:
  vlan: { type: integer }
change:
  mode: merge
  lines: ['vlan {{ vlan }}', '   name TESTED']
rollout: { waves: ['100%'], ${rollout} }
steps:
  - snapshot: { state: [${state}] }
  - plan
  - approve
  - push: { confirmWithin: ${confirmWithin} }
  - verify: { ${verify}, checks: [reachable] }
  - confirm
`
}
