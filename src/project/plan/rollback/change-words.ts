import { quoted } from '../../../change/task/act/foreign-lines.ts'
import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { redact } from '../../../eos/config/secrets/redact.ts'

/** Changes as part of a sentence: `+vlan 999; -interface Ethernet1 / mtu 9214`, the first ones, without secrets. */
export function changeWords(changes: readonly ConfigChange[]): string {
  return quoted(changes.map(({ sign, path, line }) => sign + [...path, line].map((one) => redact(one)).join(' / ')))
}
