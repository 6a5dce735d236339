import type { SeenDown, SeenStandings } from '../../model/probe.ts'
import type { SeenSwitch, StandingPort } from '../task/act/seen-switch.ts'
import type { InstantOf } from './probe-tally.ts'

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

export interface SeenTally {
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
