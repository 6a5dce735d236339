import type { Fleet } from '../../eos/device/device.ts'
import { hasAnswered, pingCommand } from '../../eos/device/ping.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { type ProbeSpec, probeName, type SeenDown, type SeenStandings } from '../../model/probe.ts'
import type { SeenSwitch, StandingPort } from '../task/act/context.ts'
import { READING, statesIn } from '../workflow/machine/machine.ts'
import type { KeptPlan } from './change.ts'
import type { Ledger } from './ledger.ts'
import type { ChangePorts } from './ports.ts'
import {
  armedTally,
  endedTally,
  heardTally,
  type InstantOf,
  type ProbeSample,
  type ProbeTally,
  readingOf,
  resumedTally,
} from './probe-tally.ts'

// How far a moment by the clock of a switch may be from where it is counted here, in milliseconds: it is told in whole seconds, and asked over
// a network.
const TOLERANCE = 2_000
const MOST_SEEN = 50

// Times are milliseconds of the clock that never jumps.
interface Seen {
  readonly device: string
  readonly thing: string
  readonly at: number
  // Since when it is down, between two moments; absent where it is up.
  readonly down?: Since
}

interface Since {
  readonly earliest: number
  readonly latest: number
  readonly by: SeenDown['by']
}

interface SeenTally {
  saw(seen: SeenSwitch): void
  readings(at: number): SeenStandings
}

interface Gone {
  readonly down: Since
  readonly up: Since
}

/** Counts from `since` on. Where a switch tells since when something is as it is, that moment counts, give or take a second; else the rounds between which it was seen otherwise. */
export function seenTally(
  port: Pick<StandingPort, 'standings' | 'upBefore'>,
  since: number,
  instantOf: InstantOf,
): SeenTally {
  const last = new Map<string, Seen>()
  const over: SeenDown[] = []
  const look = (seen: Seen, isUp: boolean, wasUp: boolean, fresh: number | undefined) => {
    const key = `${seen.device}\n${seen.thing}`
    const known = last.get(key)
    if (known !== undefined && known.at >= seen.at) return
    const asked = { since, at: seen.at, known, wasUp, fresh }
    if (isUp) {
      const gone = goneBefore(asked)
      if (gone !== undefined && over.length < MOST_SEEN) over.push(spanOf(seen, gone, true))
      last.set(key, seen)
      return
    }
    const down = downFrom(asked)
    if (down !== undefined) last.set(key, { ...seen, down })
  }
  const spanOf = ({ device, thing }: Seen, { down, up }: Gone, isOver: boolean): SeenDown => ({
    device,
    thing,
    by: down.by === 'switch' && up.by === 'switch' ? 'switch' : 'rounds',
    from: instantOf(down.earliest),
    ...(isOver ? { to: instantOf(up.latest) } : {}),
    least: whole(up.earliest - down.latest),
    most: whole(up.latest - down.earliest),
  })
  return {
    saw: ({ device, at, look: { epoch, replies }, commands, baseline }) => {
      const before = new Set(port.upBefore(baseline))
      for (const [thing, { isUp, since: told }] of Object.entries(port.standings(commands, replies))) {
        // By how long ago it was, so that it does not matter how the clocks differ.
        const moment = told === undefined ? undefined : at - (epoch - told) * 1000
        const fresh = moment !== undefined && moment > since - TOLERANCE ? Math.max(since, moment) : undefined
        look({ device, thing, at }, isUp, before.has(thing), fresh)
      }
    },
    readings: (at) => {
      const open = [...last.values()].flatMap((seen) =>
        seen.down === undefined
          ? []
          : [spanOf(seen, { down: seen.down, up: { earliest: seen.at, latest: at, by: seen.down.by } }, false)],
      )
      return { looked: last.size, down: [...open, ...over].toSorted((a, b) => b.most - a.most).slice(0, MOST_SEEN) }
    },
  }
}

// What one look is about: what was seen before, whether it was up before the change, and when it came to where it is, if that is since the
// commit.
interface Asked {
  readonly since: number
  readonly at: number
  readonly known: Seen | undefined
  readonly wasUp: boolean
  readonly fresh: number | undefined
}

function downFrom({ since, at, known, wasUp, fresh }: Asked): Since | undefined {
  if (known?.down !== undefined) return known.down
  if (known === undefined && !wasUp) return undefined
  return fresh === undefined ? { earliest: known?.at ?? since, latest: at, by: 'rounds' } : around(fresh, since)
}

function goneBefore({ since, at, known, wasUp, fresh }: Asked): Gone | undefined {
  if (known?.down !== undefined) {
    const up: Since = fresh === undefined ? { earliest: known.at, latest: at, by: 'rounds' } : around(fresh, since)
    return { down: known.down, up }
  }
  const seenUp = known?.at ?? (wasUp ? since : undefined)
  if (seenUp === undefined || fresh === undefined || fresh <= seenUp + TOLERANCE) return undefined
  // It went down and came up again between two rounds.
  return { down: { earliest: seenUp, latest: fresh, by: 'rounds' }, up: around(fresh, since) }
}

function around(moment: number, since: number): Since {
  const half = TOLERANCE / 2
  return { earliest: Math.max(since, moment - half), latest: moment + half, by: 'switch' }
}

const whole = (milliseconds: number) => Math.max(0, Math.round(milliseconds))

export interface Prober {
  begin(): void
  count(): void
  saw(seen: SeenSwitch): void
  end(): Promise<void>
  /** `isOrderly`: what was measured until now is put on record for whoever goes on. */
  rest(isOrderly: boolean): Promise<void>
}

// An answer that takes longer than so many milliseconds is not waited for; each pair that is asked in the request adds as many as the second.
const PATIENCE = 10_000
const PATIENCE_OF_PAIR = 5_000
// How long a switch that does not answer is left alone, in milliseconds; one that refuses the login for longer, and twice as long each time:
// asking often may lock the user out.
const PAUSE = 2_000
const PAUSE_REFUSED = 10_000
const LONGEST_PAUSE = 160_000
// Questions that are due within so many milliseconds go together.
const TOGETHER = 50
const MOST_TURNS = 200

const RESTED = 'the execution rested'
const ENDED = 'eosflow had ended, with what was not on record yet'

export function proberOf(
  ports: Pick<ChangePorts, 'fleet' | 'clock' | 'authority' | 'checks'>,
  ledger: Ledger,
  kept: Pick<KeptPlan, 'get'>,
): Prober {
  const { clock } = ports
  const stopping = new AbortController()
  const fleet = ports.fleet.apart().as('read')
  const latest = new Map<string, ProbeSample>()
  const tallies = new Map<string, ProbeTally>()
  let asking: Promise<readonly ProbeSpec[]> | undefined
  let turns = 0
  let rounds: SeenTally | undefined
  const instantOf: InstantOf = (at) => new Date(clock.now() - Math.round(clock.monotonic() - at)).toISOString()

  const record = (phase: 'begun' | 'turned' | 'paused' | 'ended', names: readonly string[]) => {
    const at = clock.monotonic()
    const probes = names.flatMap((name) => {
      const tally = tallies.get(name)
      return tally === undefined ? [] : [readingOf(tally, at, instantOf)]
    })
    const seen = phase === 'paused' || phase === 'ended' ? rounds?.readings(at) : undefined
    return ledger.append({
      type: 'ProbesMeasured',
      phase,
      probes,
      ...(seen === undefined || seen.looked === 0 ? {} : { seen }),
    })
  }
  const hear = (specs: readonly ProbeSpec[], samples: readonly ProbeSample[]) => {
    if (stopping.signal.aborted) return
    const turned = specs.flatMap((spec, index) => {
      const name = probeName(spec)
      const sample = samples[index]
      if (sample === undefined) return []
      latest.set(name, sample)
      const before = tallies.get(name)
      if (before === undefined) return []
      const after = heardTally(before, sample, instantOf)
      tallies.set(name, after)
      return before.open.is === after.open.is ? [] : [name]
    })
    if (turned.length === 0 || turns >= MOST_TURNS) return
    turns += 1
    record('turned', turned).catch(() => undefined)
  }
  const ask = (specs: readonly ProbeSpec[]) => {
    for (const device of new Set(specs.map(({ from }) => from))) {
      const own = specs.filter(({ from }) => from === device)
      const denied = deniedBy(ports, ledger, device)
      askForever({ fleet, clock, denied, device, specs: own, signal: stopping.signal }, hear).catch(() => undefined)
    }
  }
  const begin = () => {
    asking ??= kept.get().then(({ content }) => {
      const { probes = [] } = content
      if (!stopping.signal.aborted) ask(probes)
      return probes
    })
    asking.catch(() => undefined)
  }
  const stop = () => stopping.abort(new EosflowError('cancelled', 'nothing is probed any more'))

  const { probes } = ledger.state
  if (probes?.isMeasuring === true) {
    const now = clock.monotonic()
    // What a switch tells since when it is as it is reaches back behind the death of a process.
    rounds = seenTally(ports.checks, now - (clock.now() - probes.since), instantOf)
    for (const { reading, at, hasRested } of probes.readings) {
      const because = hasRested ? RESTED : ENDED
      tallies.set(probeName(reading), resumedTally(reading, now - (clock.now() - at), because, instantOf))
    }
    const specs = probes.readings.map(({ reading: { from, to, vrf, source, every } }) => ({
      ...{ from, to, vrf, every },
      ...definedMembers({ source }),
    }))
    asking = Promise.resolve(specs)
    ask(specs)
  }
  return {
    begin,
    count: () => {
      if (tallies.size > 0 || asking === undefined) return
      const at = clock.monotonic()
      asking
        .then((specs) => {
          if (specs.length === 0 || tallies.size > 0 || stopping.signal.aborted) return undefined
          rounds = seenTally(ports.checks, at, instantOf)
          for (const spec of specs) tallies.set(probeName(spec), armedTally(spec, at, latest.get(probeName(spec))))
          return record('begun', [...tallies.keys()])
        })
        .catch(() => undefined)
    },
    saw: (seen) => {
      if (!stopping.signal.aborted) rounds?.saw(seen)
    },
    end: async () => {
      const at = clock.monotonic()
      stop()
      for (const [name, tally] of tallies) tallies.set(name, endedTally(tally, at, instantOf))
      await record('ended', [...tallies.keys()]).catch((error: unknown) => {
        if (error instanceof EosflowError && error.kind === 'store') throw error
        // The change is over and good: what cannot be written of this must not keep its execution from its end.
        return record('ended', [])
      })
    },
    rest: async (isOrderly) => {
      const wasMeasuring = !stopping.signal.aborted && ledger.state.probes?.isMeasuring === true
      stop()
      if (isOrderly && wasMeasuring) await record('paused', [...tallies.keys()]).catch(() => undefined)
    },
  }
}

/** Why whoever runs the execution may not have a switch asked that it is not for; undefined where they may. */
export async function deniedBy(
  { authority }: Pick<ChangePorts, 'authority'>,
  { state }: Ledger,
  device: string,
): Promise<string | undefined> {
  if (authority === undefined || state.targets.includes(device)) return undefined
  // What it counts as is to read a switch, whatever the state does that it is asked beside.
  const [beside] = statesIn(state.machine).flatMap((one) => (one.state.kind === 'Task' ? [one.state] : []))
  if (beside === undefined) return 'nobody has asked for it'
  const ruling = await authority({ state: { ...beside, ...READING }, devices: [device] }, state)
  return ruling.effect === 'deny' ? ruling.error.message : undefined
}

interface Asking {
  readonly fleet: Fleet
  readonly clock: Clock
  readonly device: string
  readonly denied: Promise<string | undefined>
  readonly specs: readonly ProbeSpec[]
  readonly signal: AbortSignal
}

async function askForever(
  asking: Asking,
  hear: (specs: readonly ProbeSpec[], samples: readonly ProbeSample[]) => void,
) {
  const { clock, device, specs, signal } = asking
  const because = await asking.denied
  if (because !== undefined) {
    const at = clock.monotonic()
    return hear(
      specs,
      specs.map(() => ({ asked: at, heard: at, said: 'unknown', because })),
    )
  }
  const due = new Map(specs.map((spec) => [spec, clock.monotonic()]))
  let pause = 0
  while (!signal.aborted) {
    const now = clock.monotonic()
    const turn = specs.filter((spec) => (due.get(spec) ?? 0) <= now + TOGETHER)
    const { samples, failure } = await askOnce(asking, turn, pause > 0)
    hear(turn, samples)
    pause = failure === undefined ? 0 : pauseAfter(pause, failure)
    const heard = clock.monotonic()
    for (const spec of turn) due.set(spec, Math.max(now + spec.every * 1000, heard + pause))
    const next = Math.min(...due.values())
    await clock.sleep(Math.max(0, next - heard), signal)
  }
  throw new EosflowError('cancelled', `${device} is probed no more`)
}

function pauseAfter(before: number, failure: unknown) {
  const isRefused = failure instanceof EosflowError && (failure.kind === 'unauthenticated' || failure.kind === 'tls')
  return isRefused ? Math.min(LONGEST_PAUSE, Math.max(PAUSE_REFUSED, before * 2)) : PAUSE
}

export async function askOnce(
  { fleet, clock, device, signal }: Pick<Asking, 'fleet' | 'clock' | 'device' | 'signal'>,
  specs: readonly ProbeSpec[],
  isAnew: boolean,
): Promise<{ readonly samples: readonly ProbeSample[]; readonly failure?: unknown }> {
  let asked = clock.monotonic()
  const patience = PATIENCE + specs.length * PATIENCE_OF_PAIR
  const over = new AbortController()
  const end = () => over.abort()
  signal.addEventListener('abort', end)
  const late = clock.sleep(patience, over.signal).then((): never => {
    throw new EosflowError('lost-answer', `no answer within ${patience / 1000} s`, { device })
  })
  const answer = (async () => {
    const open = await (isAnew ? fleet.renew(device) : fleet.device(device))
    asked = clock.monotonic()
    return open.print(specs.map(pingCommand))
  })()
  try {
    const printed = await Promise.race([answer, late])
    const heard = clock.monotonic()
    return {
      samples: specs.map((_, index) => {
        const one = printed[index]
        if (one === undefined) return { asked, heard, said: 'unknown', because: 'it was not answered' }
        if (!one.ok) return { asked, heard, said: 'unknown', because: shown(one.error) }
        const has = hasAnswered(one.text)
        if (has === undefined) return { asked, heard, said: 'unknown', because: shown(one.text) }
        return { asked, heard, said: has ? 'answers' : 'gone' }
      }),
    }
  } catch (failure) {
    const heard = clock.monotonic()
    const because = failure instanceof Error ? shown(failure.message) : String(failure)
    return { samples: specs.map(() => ({ asked, heard, said: 'unknown', because })), failure }
  } finally {
    signal.removeEventListener('abort', end)
    over.abort()
    late.catch(() => undefined)
    answer.catch(() => undefined)
  }
}

const LONGEST = 200

function shown(text: string) {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line === '' ? 'it said nothing' : line.slice(0, LONGEST)
}
