/** A change of one switch: a VLAN, and the checks that judge it, as a workflow file writes them. */
export function workflowOf(vlan: number, checks: string): string {
  return `name: add-a-vlan
targets: leaf1
change: { mode: merge, lines: ['vlan ${vlan}', '   name MEASURED'] }
steps:
  - snapshot: { state: [vlan] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 20s, stableFor: 0s, every: 1s, checks: ${checks} }
  - confirm
`
}
