import type { ConfigChange } from '../../eos/config/diff/diff.ts'
import type { ConfigTree } from '../../eos/config/text/tree.ts'

/** A sub-interface that a change makes or touches, and that stays down behind it because its port is a switchport. */
export interface DeadSubinterface {
  readonly name: string
  readonly port: string
}

/** The sub-interfaces of a change on ports that forward by VLAN: a port has sub-interfaces only as `no switchport` (docs/eos.md 7.1). */
export function deadSubinterfaces(
  changes: readonly ConfigChange[],
  { children }: ConfigTree,
): readonly DeadSubinterface[] {
  const byDefault = children.some(({ line }) => line === 'switchport default mode routed')
  const touched = new Set(changes.map(({ path, line }) => [...path, line][0] ?? ''))
  const ports = new Map(children.map((node) => [node.line, node.children]))
  return [...ports].flatMap(([line, own]): DeadSubinterface[] => {
    const [, port = '', tag = ''] = /^interface ((?:Ethernet|Port-Channel)[\d/]+)\.(\d+)$/.exec(line) ?? []
    const parent = `interface ${port}`
    if (port === '' || !(touched.has(line) || touched.has(parent))) return []
    if (own.some((one) => one.line === 'shutdown')) return []
    const has = (text: string): boolean => ports.get(parent)?.some((one) => one.line === text) === true
    const isRouted = has('no switchport') || (byDefault && !has('switchport'))
    return isRouted ? [] : [{ name: `${port}.${tag}`, port }]
  })
}
