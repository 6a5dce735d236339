import type { ShownPlan } from '../../change/plan/plan.ts'
import { MOST_NAMED, someOf } from '../text/count.ts'

/** The switches of each wave in their order, with how many lines each wave adds and removes. Raw. Undefined if nothing changes. */
export function waveWords({ waves, devices }: ShownPlan['content']): string | undefined {
  if (waves.length === 0) return undefined
  const diffs = new Map(devices.map(({ name, diff }) => [name, diff]))
  const shown = waves.map((wave) => {
    const lines = wave.flatMap((name) => diffs.get(name) ?? [])
    const signed = (of: '+' | '-'): number => lines.filter(({ sign }) => sign === of).length
    return `${someOf(wave, ',')} +${signed('+')} -${signed('-')}`
  })
  const rest = waves.some(({ length }) => length > MOST_NAMED) ? ' (`eosflow show --json` names all)' : ''
  return `Waves: ${shown.join(' → ')}${rest}`
}
