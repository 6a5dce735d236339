import { TextMemory } from '../../model/text-memory.ts'

export const VOLATILE_VERSION = 1

// Lines of a running-config that change while the configuration does not: the headers EOS writes before it (docs/eos.md 4.1), and the clock
// drift that older systems keep.
const HEADERS = /^! (?:Command:|device:|Time|Last configuration change|Startup-config last modified)/
const CLOCK_DRIFT = /^\s*ntp clock-period /

function isVolatile(line: string) {
  if (line.startsWith('!')) return HEADERS.test(line)
  return line.includes('ntp clock-period') && CLOCK_DRIFT.test(line)
}

/** Ends with a newline unless it is empty. */
export function comparableText(text: string): string {
  return comparable.get(text) ?? comparable.keep(text, madeComparable(text))
}

const comparable = new TextMemory<string>()

function madeComparable(text: string) {
  const lines = text
    .split('\n')
    .map(comparableLine)
    .filter((line) => line !== undefined)
  while (lines.at(-1) === '') lines.pop()
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/** A line of such a text as it is compared; undefined where it is not. */
export function comparableLine(line: string): string | undefined {
  const kept = line.trimEnd()
  return isVolatile(kept) ? undefined : kept
}
