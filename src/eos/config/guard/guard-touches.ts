import type { ConfigChange } from '../diff/diff.ts'
import type { ConfigNode, ConfigTree } from '../text/tree.ts'
import { foundIn } from '../text/tree.ts'
import { managementInterfaces } from './guard-management.ts'

const always: readonly (readonly [RegExp, string])[] = [
  [/^interface (?:Management|ma)\s?\d/i, 'Management interface'],
  [/^management /, 'management service'],
  [/^(?:aaa|username|role|enable|tacacs-server|radius-server|ip tacacs|ip radius)\b/, 'users and AAA'],
  [/^(?:system )?control-plane\b/, 'control plane'],
]

function guardingLists(tree: ConfigTree): string[] {
  const under = (node: ConfigNode): string[] => [
    ...(/^ip(?:v6)? access-group (\S+)/.exec(node.line)?.slice(1, 2) ?? []),
    ...node.children.flatMap(under),
  ]
  const guarded = /^(?:interface Management|management |(?:system )?control-plane)/
  return tree.children.filter(({ line }) => guarded.test(line)).flatMap(under)
}

function managementVrfs(tree: ConfigTree) {
  const services = tree.children.filter(({ line }) => /^management (?:api http-commands|ssh)$/.test(line))
  const ofServices = services.flatMap(({ children }) => foundIn(children, /^vrf (\S+)$/))
  return [...managementInterfaces(tree).map(({ vrf }) => vrf), ...ofServices]
}

function partOf(path: readonly string[], vrfs: readonly string[], lists: readonly string[]): string | undefined {
  const root = (path[0] ?? '').replace(/^(?:no|default) /, '')
  const known = always.find(([pattern]) => pattern.test(root))
  if (known) return known[1]
  const list = /^ip(?:v6)? access-list (?:standard )?(\S+)/.exec(root)?.[1]
  if (list !== undefined && lists.includes(list)) return `access list ${list} before management`
  if (/^ip(?:v6)? rout(?:e|ing)\b/.test(root)) {
    const vrf = / vrf (\S+)/.exec(root)?.[1] ?? 'default'
    return vrfs.includes(vrf) ? `routes of management VRF ${vrf}` : undefined
  }
  const named = foundIn(path, /(?:^|\s)vrf (?:instance |definition |forwarding )?(\S+)$/)
  const vrf = named.find((name) => name !== 'default' && vrfs.includes(name))
  return vrf === undefined ? undefined : `management VRF ${vrf}`
}

/** The parts of the management path that changes touch on a switch that runs `running`, each once: Management interfaces, their VRF and its routes, users and AAA, management services, the control plane and the access lists before them. */
export function touchesManagement(
  changes: readonly Pick<ConfigChange, 'path' | 'line'>[],
  running: ConfigTree,
): string[] {
  const vrfs = managementVrfs(running)
  const lists = guardingLists(running)
  return [...new Set(changes.flatMap(({ path, line }) => partOf([...path, line], vrfs, lists) ?? []))]
}
