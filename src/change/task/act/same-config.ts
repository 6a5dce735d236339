import { comparableText } from '../../../eos/config/vlan-sets.ts'
import { type ChangeTexts, changesBehindCommit } from './config-changes.ts'

/**
 * Whether a running-config behind the commit of a change is the expected one: order, separators and the header aside
 * (docs/eos.md 4.9), and empty interface blocks that are not of the change.
 */
export function sameBehindCommit(expected: string, found: string, change?: ChangeTexts): boolean {
  const isSame = comparableText(expected) === comparableText(found)
  return isSame || changesBehindCommit(expected, found, change).length === 0
}
