import { describe, expect, onTestFinished, test } from 'vitest'
import { everyNthOfLong } from '../../extent.ts'
import { type KilledChange, type KilledEnd, killedChange, type Strike } from './killed-hop.ts'
import { hasSshd, startSshd, withoutSshd } from './sshd.ts'

/** How many requests a switch gets until it is read back: each call is one over eAPI, each line over SSH. */
const REQUESTS = { eapi: 5, ssh: 9 } as const
/** What is called to put a switch back; the last one is the first reading of the network behind it. */
const CALLS = ['readConfig', 'abort', 'look', 'readConfig', 'print', 'look'] as const

async function hopsFor() {
  const hops = await Promise.all([startSshd('bastion'), startSshd('core')])
  onTestFinished(async () => void (await Promise.all(hops.map((hop) => hop.remove()))))
  return hops
}

describe.skipIf(!hasSshd)(
  `one of two jump hosts is killed while a change is put back${withoutSshd}`,
  { tags: 'night' },
  () => {
    describe.each(['eapi', 'ssh'] as const)('over %s', (over) => {
      const strikes: readonly (readonly [string, Strike])[] = [
        ...CALLS.map(
          (verb, call) => [`before call ${call + 1}, ${verb}`, { before: call + 1, from: 'readConfig' }] as const,
        ),
        ...Array.from(
          { length: REQUESTS[over] },
          (_, request) => [`behind request ${request + 1}`, { behind: request + 1, from: 'readConfig' }] as const,
        ),
      ]
      const rows = strikes.flatMap(([where, at]) =>
        ([0, 1] as const).flatMap((hop) => (['soon', 'ended'] as const).map((back) => ({ where, at, hop, back }))),
      )
      const looked = everyNthOfLong(31, `jump hosts killed while a change is put back over ${over}`, rows)

      test('there is a row for each call and each request', () => {
        expect(rows).toHaveLength(over === 'eapi' ? 44 : 60)
        expect(looked.length).toBeGreaterThanOrEqual(1)
      })

      test.for([...new Set(looked.map(({ where }) => where))])(
        `[G33] over ${over} %s: back as it was, or unknown`,
        async (where) => {
          const ends = looked
            .filter((row) => row.where === where)
            .map(async ({ at, hop, back }) => {
              const hops = await hopsFor()
              const end = await killedChange({ over, host: '127.0.0.1', hops, killed: { hop, at }, back, vlan: 997 })
              process.stdout.write(`${over} ${where}, hop ${hop + 1}, back ${back}: ${wordsOf(end)}\n`)
              requireEnd(where, back, end)
            })
          const wrong = (await Promise.allSettled(ends)).flatMap((one) =>
            one.status === 'rejected' ? [one.reason] : [],
          )
          expect(wrong).toEqual([])
        },
      )
    })
  },
)

/** The end of a row in one line. */
function wordsOf({ verb, code, said, was, again }: KilledEnd) {
  const later = again === undefined ? '' : `, then ${again.code} ${again.said}`
  return `${verb}: exit ${code} ${said}, was ${was}${later}`
}

function requireEnd(where: string, back: KilledChange['back'], end: KilledEnd) {
  const told = `${where}, back ${back}\n${end.text}`
  expect([end.isStruck, end.blind, end.unasked], told).toEqual([true, undefined, []])
  expect([end.was, end.is, end.commits], told).toEqual(['BEFORE', 'BEFORE', { plain: 0, timed: 1, confirms: 0 }])
  // From the sixth call on the switch has been read back, and only its network is unknown.
  const isKnown = back === 'soon' || where === 'before call 6, look'
  expect([end.code, end.said], told).toEqual(isKnown ? [6, 'BEFORE'] : [7, 'UNKNOWN'])
  if (isKnown) expect(end.isReadBack, told).toBe(true)
  if (back === 'soon') return
  // The same change, made once more, is put back once more.
  expect(end.again, told).toEqual({ code: 6, said: 'BEFORE' })
  expect(end.commitsInAll, told).toEqual({ plain: 0, timed: 2, confirms: 0 })
  expect(end.isReadBackAtLast, told).toBe(true)
}
