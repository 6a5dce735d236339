import { diffConfig } from '../config/diff.ts'
import { parseConfig } from '../config/parse.ts'
import { redact } from '../config/redact.ts'
import { comparableText } from '../config/volatile.ts'

/** More lines than these are only counted. */
const SHOWN = 5

/** What somebody else has changed on a switch: `+vlan 999`, the commands above it before it where it stands in a block. Redacted. */
export function foreignLines(expected: string, found: string): readonly string[] {
  return changesOf(expected, found).map(
    ({ sign, path, line }) => sign + [...path, line].map((one) => redact(one)).join(' / '),
  )
}

/**
 * When a running-config differs from the base of a change but shares no changed line with it, only somebody else's
 * changes are on the switch: gives their lines. Undefined when any line of the change is still there.
 */
export function onlyForeignLines(base: string, target: string, running: string): readonly string[] | undefined {
  const ours = new Set(changesOf(base, target).map(key))
  const found = changesOf(base, running)
  return found.some((change) => ours.has(key(change))) ? undefined : foreignLines(base, running)
}

/** The lines as part of a sentence. */
export function quoted(lines: readonly string[]): string {
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : []
  return [...lines.slice(0, SHOWN), ...more].join('; ')
}

function changesOf(before: string, after: string): ReturnType<typeof diffConfig>['changes'] {
  return diffConfig(parseConfig(comparableText(before)), parseConfig(comparableText(after))).changes
}

const key = ({ sign, path, line }: ReturnType<typeof diffConfig>['changes'][number]): string =>
  JSON.stringify([sign, path, line])
