import { type ConfigChange, diffConfig } from './diff/diff.ts'
import { parseConfig } from './text/parse.ts'
import { comparableText, eachVlan } from './vlan-sets.ts'

export function placeOf({ path, line }: Pick<ConfigChange, 'path' | 'line'>): string {
  return JSON.stringify([...path, line])
}

/** The places of a line: of a list of VLANs that of each, because how they share a command means nothing. */
export function placesOf(change: Pick<ConfigChange, 'path' | 'line'>): readonly string[] {
  return eachVlan(change).map(placeOf)
}

export function lineAt(place: string): readonly string[] {
  return JSON.parse(place) as readonly string[]
}

/** A line with the blocks that hold it, outermost first and ` > ` between them, without what `clean` takes out. */
export function wordsAt(place: readonly string[], clean: (text: string) => string): string {
  const text = place.map((line, depth) => `${'   '.repeat(depth)}${line}`).join('\n')
  return clean(text)
    .split('\n')
    .map((line) => line.trim())
    .join(' > ')
}

export function placesIn(text: string): ReadonlySet<string> {
  return new Set(
    diffConfig(parseConfig(''), parseConfig(comparableText(text)))
      .changes.filter(isCommand)
      .flatMap(placesOf),
  )
}

// `end` closes a text and is no command.
export const isCommand = ({ path, line }: ConfigChange): boolean => path.length > 0 || line !== 'end'
