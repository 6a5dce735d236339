// @module-tag long
import { describe, expect, test } from 'vitest'
import type { History } from '../../simulate/history.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import type { Disturbance, Fixed, Planned } from '../../simulate/scenario.ts'
import { deviceEnds } from '../../src/change/engine/outcome.ts'
import { everyNthOfLong } from '../extent.ts'
import { TWO } from './calm-history.ts'

/** Two switches of different versions that back each other up and are changed together. */
const PAIR: Fixed = { ...TWO, waves: [2], pairs: 'together' }

/** A change of such a pair that nothing befalls has at least so many moments: with each further record or request of eosflow it has more. */
const AT_LEAST = 250
/** It has each of these at least twice: before and behind each record of an act of a switch, and where each of its requests was sent, done and heard. */
const OF_EACH: readonly string[] = [
  ...['stage', 'replay', 'arm', 'confirm', 'save'].flatMap((act) => [
    ...[`before ActIntended ${act}`, `after ActIntended ${act}`, `before ActFinished ${act}`],
    ...[`after ActFinished ${act}`, `sent ${act}`, `done ${act}`, `heard ${act}`],
  ]),
  ...['plan', 'look', 'read'].flatMap((verb) => [`sent ${verb}`, `done ${verb}`, `heard ${verb}`]),
  ...['wake', 'before TaskSucceeded', 'after TaskSucceeded', 'before StateEntered', 'after StateEntered'],
]
/** Behind the intent of the first of two confirms, one of which is refused, it has at least so many. */
const AT_LEAST_REFUSED = 80

/** What befalls it at a moment: which switch it is aimed at, where it is aimed at one. */
const STRIKES: readonly (readonly [what: Disturbance, which: 0 | 1])[] = [
  ['killed and resumed at once', 0],
  ['killed past the timer', 0],
  ['request lost next', 0],
  ['request lost next', 1],
  ['answer lost next', 0],
  ['answer lost next', 1],
]

/** How a history of a pair ended: by what its record says, and by the switches. */
interface PairEnd {
  readonly outcome: string | undefined
  readonly said: readonly string[]
  readonly places: readonly string[]
  readonly met: ReadonlyMap<string, number>
  /** The requests that a switch has carried out, of each switch. */
  readonly done: Readonly<Record<string, readonly string[]>>
  /** The kind of each of its moments, in order. */
  readonly moments: readonly string[]
}

/** Lives through one history of a pair, with what befalls it. The checker of all histories looks on. */
async function livedThrough(seed: number, transport: 'eapi' | 'ssh', disturbances: readonly Planned[]) {
  const seen: { history?: History; done: Record<string, string[]>; moments: string[] } = { done: {}, moments: [] }
  const { violation, outcomes, met } = await runSeed(seed, {
    fixed: { ...PAIR, transport, disturbances },
    watch: (history) => {
      seen.history = history
      return {
        moment: (kind) => seen.moments.push(kind),
        carriedOut: ({ device, request }, _, ok) => {
          const own = seen.done[device] ?? []
          own.push(ok ? request.verb : `${request.verb} refused`)
          seen.done[device] = own
        },
      }
    },
  })
  expect(violation, JSON.stringify({ seed, transport, disturbances })).toBeUndefined()
  const state = seen.history?.executions[0]?.ended
  const boxes = [...(seen.history?.world.boxes.values() ?? [])]
  return {
    outcome: outcomes[0],
    said: state === undefined ? [] : Object.values(deviceEnds(state)),
    places: boxes.map(({ running, startup }) =>
      running.main === startup.main ? { all: 'AFTER', some: 'HALF', none: 'BEFORE' }[running.main] : 'UNSAVED',
    ),
    met,
    done: seen.done,
    moments: seen.moments,
  }
}

/** The one verdict of a pair, or what is wrong with how it ended. */
function verdictOf({ outcome, said, places }: PairEnd) {
  const are = (words: readonly string[], ...wanted: readonly string[]) =>
    words.length === 2 && words.every((word) => wanted.includes(word))
  if (outcome === 'succeeded' && are(said, 'changed') && are(places, 'AFTER')) return 'both confirmed'
  const isBack = are(said, 'untouched', 'reverted') && are(places, 'BEFORE')
  if (outcome !== undefined && outcome !== 'succeeded' && isBack) return 'both put back'
  return `outcome ${outcome}, said to be ${said.join(' and ')}, are ${places.join(' and ')}`
}

const striking = (what: Disturbance, moment: number, which = 0) => ({ what, moment, which, draw: 0.3 })

describe.each(everyNthOfLong(2, 'transports of pairs', ['eapi', 'ssh'] as const))(
  '[G34] two that are changed together over %s',
  (transport) => {
    test.each(everyNthOfLong(2, 'what befalls a pair', STRIKES))(
      '%s, at every moment, of switch %d: one verdict for both',
      async (what, which) => {
        const { moments: kinds } = await livedThrough(1, transport, [])
        expect(kinds.length).toBeGreaterThanOrEqual(AT_LEAST)
        const moments = kinds.map((_, index) => index + 1)
        const ends: Record<string, number> = {}
        const struck = new Set<string>()
        const looked = everyNthOfLong(150, `moments: ${what}, ${transport}`, moments)
        for (const moment of looked) {
          // Drawn as the history whose moments are counted: each of them is met as it was there.
          const end = await livedThrough(1, transport, [striking(what, moment, which)])
          expect([...end.met.keys()], `moment ${moment}`).toContain(what)
          struck.add(end.moments[moment - 1] ?? '')
          const verdict = verdictOf(end)
          expect(verdict, `moment ${moment}`).toMatch(/^both (?:confirmed|put back)$/)
          ends[verdict] = (ends[verdict] ?? 0) + 1
        }
        expect(looked.length).toBeGreaterThanOrEqual(2)
        if (looked.length < moments.length) return
        expect(Object.keys(ends).toSorted()).toEqual(['both confirmed', 'both put back'])
        expect(OF_EACH.filter((kind) => !struck.has(kind))).toEqual([])
      },
      1_200_000,
    )

    test('its moments are of every kind, of each of the two', { tags: 'night' }, async () => {
      const { moments } = await livedThrough(1, transport, [])
      const times = (wanted: string) => moments.filter((kind) => kind === wanted).length
      expect(OF_EACH.length).toBe(49)
      expect(OF_EACH.filter((kind) => times(kind) < 2)).toEqual([])
      const isMet = async (moment: number) =>
        (await livedThrough(1, transport, [striking('kill', moment)])).met.has('kill')
      expect([await isMet(moments.length), await isMet(moments.length + 1)]).toEqual([true, false])
    })

    /** The one whose confirm the switch refuses, as it is sent; the other one is confirmed then. */
    const refused = (which: 0 | 1) => ({
      ...striking('commit refused', 0, which),
      behind: 'after ActIntended confirm',
    })

    test.each<[0 | 1, string, string]>([
      [0, 'sw1', 'sw2'],
      [1, 'sw2', 'sw1'],
    ])(
      'the confirm of switch %d fails: the other one is restored from its checkpoint and read back',
      async (which, failed, other) => {
        const end = await livedThrough(1, transport, [refused(which)])
        expect({ ...end, met: undefined, done: undefined, moments: undefined }).toEqual({
          outcome: 'rolled-back',
          said: ['reverted', 'reverted'],
          places: ['BEFORE', 'BEFORE'],
        })
        const from = (device: string, request: string, count: number) => {
          const own = end.done[device] ?? []
          return own.slice(own.indexOf(request)).slice(0, count)
        }
        const putBack = ['look', 'read', 'abort', 'look', 'read']
        expect(from(failed, 'confirm refused', 8)).toEqual(['confirm refused', 'look', 'read', ...putBack])
        expect(from(other, 'confirm', 6)).toEqual(['confirm', 'look', 'read', 'restore', 'look', 'read'])
        expect(end.done[other]).not.toContain('save')
      },
    )

    test('the confirm of one fails, whatever else befalls it from then on: one verdict for both', {
      tags: 'night',
      timeout: 1_200_000,
    }, async () => {
      const { moments: kinds } = await livedThrough(1, transport, [refused(0)])
      const first = kinds.indexOf('after ActIntended confirm')
      const moments = kinds.flatMap((_, index) => (index < first ? [] : [index + 1]))
      expect(first).toBeGreaterThan(0)
      expect(moments.length).toBeGreaterThanOrEqual(AT_LEAST_REFUSED)
      const cells = STRIKES.flatMap(([what, which]) => moments.map((moment) => ({ what, which, moment })))
      const looked = everyNthOfLong(300, `moments behind a confirm that fails, ${transport}`, cells)
      let met = 0
      for (const { what, which, moment } of looked) {
        const end = await livedThrough(moment, transport, [
          refused(moment % 2 === 0 ? 0 : 1),
          striking(what, moment, which),
        ])
        if (end.met.has(what)) met += 1
        // Who is killed before the refusal is on record asks the switch, and confirms it once more.
        expect(verdictOf(end), `${what} of switch ${which}, moment ${moment}`).toMatch(/^both (?:confirmed|put back)$/)
      }
      // What is aimed at a switch behind its last request meets nothing.
      if (looked.length === cells.length) expect(met).toBeGreaterThanOrEqual(Math.floor(looked.length * 0.7))
      expect(looked.length).toBeGreaterThanOrEqual(2)
    })
  },
)
