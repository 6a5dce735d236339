import { SeededRandom } from '../../src/trial/seeded-random.ts'

/** What happens to one change of both switches while a colleague is at work on them. Drawn from its seed alone. */
export interface Scenario {
  readonly seed: number
  readonly transport: 'eapi' | 'ssh'
  /** On: the lock and the replay are proven for both versions. Off: nothing is, and the replay check is off. */
  readonly measures: 'on' | 'off'
  /** A line that the colleague has typed before the plan and not saved. */
  readonly unsaved?: Typed
  /** What is set on the simulator right before the change begins. */
  readonly faults: readonly DrawnFault[]
  /** When the controller is killed, in milliseconds behind its start; it is resumed at once. */
  readonly killedAfter?: number
}

/** A block of his own on one switch; the marker is in no other configuration. */
export interface Typed {
  readonly device: string
  readonly marker: string
  readonly lines: readonly string[]
}

/** A fault as the control port takes it, and for hands that type what they type. */
export type DrawnFault = { readonly device: string; readonly kind: string; readonly typed?: Typed } & Readonly<
  Record<string, unknown>
>

/** The switches: EOS 4.31 and 4.32. */
export const SWITCHES = ['leaf1', 'leaf2'] as const

const MOMENTS: readonly ((fraction: () => number) => Readonly<Record<string, unknown>>)[] = [
  // Between the reading of the base and the commit he is overwritten: these moments are drawn more often.
  () => ({ on: 'session-open' }),
  () => ({ on: 'session-open' }),
  () => ({ on: 'before-commit' }),
  () => ({ on: 'before-commit' }),
  () => ({ on: 'commit' }),
  (fraction) => ({ on: 'armed', after: tenths(fraction() * 2) }),
  (fraction) => ({ command: '^show running-config$', nth: 1 + Math.floor(fraction() * 6), side: 'before' }),
  (fraction) => ({ command: '^show running-config$', nth: 1 + Math.floor(fraction() * 6), side: 'behind' }),
  () => ({ command: ' commit timer ', side: 'before' }),
  () => ({ command: ' commit timer ', side: 'behind' }),
  () => ({ command: ' commit$', side: 'before' }),
  () => ({ command: ' commit$', side: 'behind' }),
  () => ({ command: '^copy running-config startup-config$', side: 'before' }),
  (fraction) => ({ after: tenths(fraction() * 6) }),
]

/** Every tenth seed types right before the timed commit and does nothing else: the moment that only the lock covers. */
const WINDOW = 10

/** Draws the scenario of a seed. */
export function drawScenario(seed: number): Scenario {
  return seed % WINDOW === 0 ? windowScenario(seed) : drawn(seed)
}

function windowScenario(seed: number): Scenario {
  const device = SWITCHES[(seed / WINDOW) % 2] ?? 'leaf1'
  const typed = { device, marker: `HAND-${seed}-1`, lines: [`vlan ${2000 + (seed % 2000)}`, `   name HAND-${seed}-1`] }
  const moment = { command: ' commit timer ', side: 'before' }
  return {
    seed,
    transport: (seed / WINDOW) % 4 < 2 ? 'eapi' : 'ssh',
    measures: (seed / WINDOW) % 3 === 0 ? 'on' : 'off',
    faults: [{ device, kind: 'hand-edit', lines: typed.lines, ...moment, typed }],
  }
}

function drawn(seed: number): Scenario {
  const random = new SeededRandom(seed * 7919)
  const fraction = (): number => random.fraction()
  const below = (limit: number): number => Math.floor(fraction() * limit)
  const device = (): string => SWITCHES[below(SWITCHES.length)] ?? 'leaf1'
  let hands = 0
  const typed = (): Typed => {
    hands += 1
    const marker = `HAND-${seed}-${hands}`
    return { device: device(), marker, lines: [`vlan ${2000 + ((seed * 4 + hands) % 2000)}`, `   name ${marker}`] }
  }
  const moment = (): Readonly<Record<string, unknown>> => MOMENTS[below(MOMENTS.length)]?.(fraction) ?? {}
  const edits = Array.from({ length: 1 + below(2) }, (): DrawnFault => {
    const hand = typed()
    return { device: hand.device, kind: 'hand-edit', lines: hand.lines, ...moment(), typed: hand }
  })
  const saves = Array.from(
    { length: below(3) },
    (): DrawnFault => ({ device: device(), kind: 'hand-save', ...moment() }),
  )
  const chance = fraction()
  return {
    seed,
    transport: fraction() < 0.5 ? 'eapi' : 'ssh',
    measures: fraction() < 0.7 ? 'on' : 'off',
    ...(fraction() < 0.25 ? { unsaved: typed() } : {}),
    faults: [...edits, ...saves, ...disturbance(chance, edits[0]?.device ?? device(), fraction)],
    ...(chance >= 0.85 ? { killedAfter: 1_000 + below(5_000) } : {}),
  }
}

/** What else goes wrong, at most one thing: an answer lost or wrong, or no login any more. */
function disturbance(chance: number, device: string, fraction: () => number): readonly DrawnFault[] {
  if (chance < 0.25) {
    // The timed commit as often as any other write.
    const which = fraction() < 0.5 ? { command: ' commit timer ' } : { write: 1 + Math.floor(fraction() * 8) }
    return [{ device, kind: 'lost-answer', applied: fraction() < 0.8, ...which }]
  }
  if (chance < 0.4) {
    const which = fraction() < 0.6 ? { command: ' commit timer ' } : { write: 1 + Math.floor(fraction() * 8) }
    return fraction() < 0.5
      ? [{ device, kind: 'wrong-answer', error: fraction() < 0.5, ...which }]
      : [{ device, kind: 'error-line', command: ' commit timer ', message: '% Something is odd here' }]
  }
  if (chance < 0.6) return [{ device, kind: 'no-new-login', after: tenths(1 + fraction() * 4), for: 30 }]
  return []
}

const tenths = (value: number): number => Math.round(value * 10) / 10
