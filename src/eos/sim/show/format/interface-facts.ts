import type { ConfigTree } from '../../../config/text/tree.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import type { SwitchFacts } from '../../platform/facts.ts'
import { macAfter } from './text-format.ts'

export function macOf(state: InterfaceState, facts: SwitchFacts): string {
  const port = state.kind === 'portChannel' ? state.members[0] : state.name
  if (state.kind === 'management') return macAfter(facts.systemMac, -1)
  if (state.mode === 'routed' || port === undefined) return facts.systemMac
  return macAfter(facts.systemMac, 1 + Math.max(0, facts.interfaces.indexOf(port)))
}

/** Seconds over which rates are counted: `load-interval default`, else 300. */
export function loadInterval(running: ConfigTree): number {
  const line = running.children.find((node) => node.line.startsWith('load-interval default '))?.line
  return Number(line?.split(' ')[2] ?? 300)
}
