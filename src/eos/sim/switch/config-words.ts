import { beginsLine, beginsRootLine } from '../../config/guard/judge-line.ts'
import { ROOT_WORDS } from '../../config/guard/root-forms.ts'
import { parseVerb } from '../../config/text/tree.ts'

// First words of the manual's commands of the root that no table has.
const OTHERS: ReadonlySet<string> = new Set(
  `access-list default exception forwarding key license loop-protection multicast privilege pvlan storm-control traffic-loopback trunk tunnel watchdog xmpp
  zerotouch`.split(/\s+/),
)

/**
 * Whether EOS has configuration lines that begin like this one, at the root or in a submode. A line that no rule knows is believed then, and refused with
 * `Invalid input` otherwise, so that a typing error is not stored.
 */
export function beginsLikeConfig(line: string, depth: number): boolean {
  const word = parseVerb(line).line.split(/\s+/, 1)[0] ?? ''
  if (ROOT_WORDS.has(word) || beginsRootLine(word) || OTHERS.has(word)) return true
  return depth > 0 && (beginsLine(word) || !/^[a-z]/i.test(word))
}
