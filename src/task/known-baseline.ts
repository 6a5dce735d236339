import { EosflowError } from '../model/error.ts'
import { isJsonObject, type Json } from '../model/json.ts'

type State = Readonly<Record<string, Json>>

/**
 * Throws `guard` unless these state areas, which are compared with the state before the change, are known of a switch: what
 * nobody knows cannot be found unchanged.
 */
export function requireKnown(name: string, areas: readonly string[], baseline: State): void {
  const unknown = unknownAreas(areas, baseline)
  if (unknown.length === 0) return
  throw new EosflowError('guard', unknown.map((line) => `${name}: ${line}`).join('\n'), {
    device: name,
    hint: 'Take the area out of `state` of `snapshot`, or correct what the switch reports.',
  })
}

/** Which of these state areas were not read, or could not be, a line each. */
export function unknownAreas(areas: readonly string[], baseline: State): readonly string[] {
  return areas.flatMap((area) => {
    const kept = Object.hasOwn(baseline, area) ? baseline[area] : undefined
    if (kept === undefined) return [`the state area \`${area}\` was not read before the change`]
    if (!isJsonObject(kept) || typeof kept.unreadable !== 'string') return []
    return [`the state area \`${area}\` cannot be read: ${kept.unreadable}`]
  })
}
