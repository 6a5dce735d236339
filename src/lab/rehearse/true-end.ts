import { redact } from '../../eos/config/secrets/redact.ts'
import type { RehearsedDifference, TrueEnd } from '../../report/rehearsal/rehearsal.ts'
import { differenceOf, type SwitchContents } from './switch-contents.ts'

/** The two places at which a switch may end. */
export interface Sides {
  readonly before: SwitchContents
  readonly after: SwitchContents
}

/** Where a switch truly is, and when that is nowhere good, how it differs from what is nearest. */
export interface EndMatch {
  readonly end: TrueEnd
  readonly difference?: RehearsedDifference
}

/**
 * BEFORE: running-config and startup-config are as they were. AFTER: running-config is what the change makes of it, and
 * saved. What somebody typed by hand meanwhile (`edit`) belongs to neither, and may stand in either or be gone.
 */
export function trueEnd(now: SwitchContents, { before, after }: Sides, edit: readonly string[]): EndMatch {
  const [fromBefore, fromAfter] = [distance(before, now, edit), distance(after, now, edit)]
  if (fromBefore === undefined) return { end: 'BEFORE' }
  if (fromAfter === undefined) return { end: 'AFTER' }
  const isNearBefore = fromBefore.weight <= fromAfter.weight
  const { config, lines } = isNearBefore ? fromBefore : fromAfter
  return { end: 'IN BETWEEN', difference: { config, from: isNearBefore ? 'BEFORE' : 'AFTER', lines } }
}

/** What the change makes of a switch. */
export function differenceBetween({ before, after }: Sides): Pick<EndMatch, 'difference'> {
  const lines = redacted(differenceOf(before.running, after.running))
  return { difference: { config: 'running-config', from: 'BEFORE', lines } }
}

interface Distance extends Pick<RehearsedDifference, 'config' | 'lines'> {
  /** What differs in running-config weighs more than what is only not saved. */
  readonly weight: number
}

const RUNNING_WEIGHS = 1000

function distance(from: SwitchContents, to: SwitchContents, edit: readonly string[]): Distance | undefined {
  const running = differenceBeside(from.running, to.running, edit)
  const startup = differenceBeside(from.startup, to.startup, edit)
  const weight = running.length * RUNNING_WEIGHS + startup.length
  if (running.length > 0) return { config: 'running-config', lines: redacted(running), weight }
  return startup.length > 0 ? { config: 'startup-config', lines: redacted(startup), weight } : undefined
}

type Lines = RehearsedDifference['lines']

function differenceBeside(from: string, to: string, edit: readonly string[]): Lines {
  const byHand = new Set(edit.map((line) => line.trim()))
  const lines = differenceOf(from, to).filter(({ sign, text }) => sign === ' ' || !byHand.has(text.trim()))
  return lines.some(({ sign }) => sign !== ' ') ? lines : []
}

function redacted(lines: Lines): Lines {
  const texts = redact(lines.map(({ text }) => text).join('\n')).split('\n')
  return lines.map(({ sign }, index) => ({ sign, text: texts[index] ?? '' }))
}
