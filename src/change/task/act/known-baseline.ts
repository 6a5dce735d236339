import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { gathered } from '../../../model/map-keys.ts'
import { someNames } from '../../../model/some-names.ts'

type State = Readonly<Record<string, Json>>

/**
 * Throws `guard` unless these state areas, which are compared with the state before the change, are known of each switch: what nobody knows cannot be
 * found unchanged. `where` gives the place that asks for it, in front of what is said.
 */
export function requireKnown(
  readings: readonly (readonly [device: string, state: State])[],
  areas: readonly string[],
  where: () => string = () => '',
): void {
  const unknown = gathered(
    readings.flatMap(([device, state]) => unknownAreas(areas, state).map((line) => [line, device] as const)),
  )
  if (unknown.size === 0) return
  const [only, ...others] = new Set([...unknown.values()].flat())
  throw new EosflowError('guard', [...unknown].map(([line, on]) => `${where()}${someNames(on)}: ${line}`).join('\n'), {
    ...(only === undefined || others.length > 0 ? {} : { device: only }),
    hint: 'Take the area out of `state` of `snapshot`, or correct what the switch reports.',
  })
}

export function unknownAreas(areas: readonly string[], baseline: State): readonly string[] {
  return areas.flatMap((area) => {
    const kept = Object.hasOwn(baseline, area) ? baseline[area] : undefined
    if (kept === undefined) return [`the state area \`${area}\` was not read before the change`]
    if (!isJsonObject(kept) || typeof kept.unreadable !== 'string') return []
    return [`the state area \`${area}\` cannot be read: ${kept.unreadable}`]
  })
}
