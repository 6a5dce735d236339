import type { ConfigChange } from '../../config/diff.ts'
import { redact } from '../../config/redact.ts'
import { quoted } from '../../task/foreign-lines.ts'

/** Changes as part of a sentence: `+vlan 999; -interface Ethernet1 / mtu 9214`, the first ones, without secrets. */
export function changeWords(changes: readonly ConfigChange[]): string {
  return quoted(changes.map(({ sign, path, line }) => sign + [...path, line].map((one) => redact(one)).join(' / ')))
}
