/** A change of all switches of a project, by its name: a VLAN, in two waves, so many switches at once, verified by two looks and more. */
export function fleetChange(name: string, vlan: number, concurrency: number): string {
  return `name: ${name}
targets: '*'
change:
  mode: merge
  lines: [vlan ${vlan}, '   name TESTED']
rollout: { waves: ['50%', '100%'], concurrency: ${concurrency} }
steps:
  - snapshot: { state: [interfaces] }
  - plan
  - approve
  - push: { confirmWithin: 1h }
  - verify: { within: 60s, stableFor: 1s, every: 2s, checks: [reachable, interfaces-up, { vlans-present: { vlans: [${vlan}] } }] }
  - confirm
`
}
