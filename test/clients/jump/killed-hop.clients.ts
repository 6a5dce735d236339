import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../../extent.ts'
import { hasIpv6, withoutIpv6 } from '../../lab/ipv6.ts'
import { type KilledChange, type KilledEnd, killedChange, type Strike } from './killed-hop.ts'
import { hasSshd, type Sshd, startSshd, withoutSshd } from './sshd.ts'

/** The steps of a change of one switch: what is called, in its order. Each of them, and each request behind it, is a row. */
const STEPS = ['look', 'stage', 'look', 'stage', 'replay', 'arm', 'look', 'readConfig', 'confirm', 'save'] as const

/** How many requests a switch is sent by them; over SSH each line that is typed is one. */
const REQUESTS = { eapi: 10, ssh: 50 } as const

type Place = 'BEFORE' | 'AFTER'

/** How a change ends whose jump host is killed in a step: its exit code and where the switch is. docs/reach.md has the same table. */
interface Ends {
  /** The jump host is back at once. Two ends: a reading is tried for a second or two, and the host may take longer. */
  readonly back: readonly (readonly [code: number, is: Place])[]
  /** It stays away until the command has ended. */
  readonly away: readonly [code: number, was: Place]
}

const GOES_ON = [0, 'AFTER'] as const
const REFUSED = [10, 'BEFORE'] as const

/** By hand, in the order of {@link STEPS}. */
const ENDS: readonly Ends[] = [
  { back: [GOES_ON, REFUSED], away: REFUSED },
  { back: [REFUSED], away: [7, 'BEFORE'] },
  { back: [GOES_ON, REFUSED], away: REFUSED },
  { back: [REFUSED], away: [7, 'BEFORE'] },
  { back: [REFUSED], away: [7, 'BEFORE'] },
  { back: [[6, 'BEFORE']], away: [7, 'BEFORE'] },
  { back: [GOES_ON], away: [7, 'BEFORE'] },
  { back: [GOES_ON], away: [7, 'BEFORE'] },
  { back: [GOES_ON], away: [7, 'BEFORE'] },
  { back: [GOES_ON], away: [7, 'AFTER'] },
]

/** Behind its confirm a switch holds the change. */
const CONFIRMED: Ends = { back: [GOES_ON], away: [7, 'AFTER'] }

interface Row {
  readonly at: Strike
  readonly hop: 0 | 1
  readonly back: KilledChange['back']
}

/** Every row of a transport: before each step, and behind each request. */
function rowsOf(over: KilledChange['over']): readonly Row[] {
  const strikes: readonly Strike[] = [
    ...STEPS.map((_, step) => ({ before: step + 1 })),
    ...Array.from({ length: REQUESTS[over] }, (_, request) => ({ behind: request + 1 })),
  ]
  return strikes.flatMap((at) =>
    ([0, 1] as const).flatMap((hop) => ([0, 'ended'] as const).map((back): Row => ({ at, hop, back }))),
  )
}

/** Does work on a list, three at a time: nearly all of a row is waiting. */
async function inLanes<T>(
  list: readonly T[],
  work: (item: T, hops: readonly [Sshd, Sshd]) => Promise<void>,
  host: string,
): Promise<void> {
  const left = [...list]
  const lane = async (): Promise<void> => {
    const hops = [await startSshd('bastion', host), await startSshd('core', host)] as const
    try {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item, hops)
    } finally {
      await Promise.all(hops.map((hop) => hop.remove()))
    }
  }
  await Promise.all([lane(), lane(), lane()])
}

function requireRow(row: Row, end: KilledEnd): void {
  const said = `${JSON.stringify(row)} in ${end.verb}\n${end.text}`
  expect(end.isStruck, said).toBe(true)
  const { back, away } = end.wasConfirmed ? CONFIRMED : (ENDS[end.step - 1] as Ends)
  if (row.back === 'ended') {
    expect([end.code, end.was], said).toEqual(away)
    // Whoever asks the switch again, when it can be asked, is told the truth and can go on.
    expect([end.again, end.is], said).toEqual([0, 'AFTER'])
    if (end.code === 10) expect(end.text, said).toMatch(/leaf1: (?:jump host (?:bastion|core)|the jump host bastion)/)
  } else {
    expect(back, said).toContainEqual([end.code, end.is])
    // One commit at most, and none without a timer; where its answer is lost it is not sent again.
    expect([end.commits.plain, end.commits.timed <= 1, end.commits.confirms <= 1], said).toEqual([0, true, true])
    // What is said of the switch was read on it behind the last thing that was sent to change it.
    expect(end.isReadBack, said).toBe(end.code === 0 || end.code === 6 ? true : end.isReadBack)
    if (end.code === 0) expect(end.isSaved, said).toBe(true)
    if (end.code === 10) expect(end.commits.timed, said).toBe(0)
  }
  // Before anything else is sent the switch is asked.
  expect(end.next, said).toBe('read')
}

for (const [host, isHere, without] of [
  ['127.0.0.1', hasSshd, withoutSshd],
  ['::1', hasSshd && hasIpv6, `${withoutSshd}${withoutIpv6}`],
] as const) {
  describe.skipIf(!isHere)(`one of two jump hosts is killed, all at ${host}${without}`, () => {
    describe.each(['eapi', 'ssh'] as const)('over %s', (over) => {
      const rows = rowsOf(over)

      test('a change has these steps and requests, which are the rows', async () => {
        await inLanes(
          [undefined],
          async (_, hops) => {
            const end = await killedChange({ over, host, hops, back: 0 })
            expect([end.code, end.is, end.isSaved], end.text).toEqual([0, 'AFTER', true])
            expect([end.calls, end.requests]).toEqual([STEPS, REQUESTS[over]])
          },
          host,
        )
        expect(rows).toHaveLength(over === 'eapi' ? 80 : 240)
      })

      const nth = (over === 'eapi' ? 19 : 59) * (host === '::1' ? 2 : 1) + (host === '::1' ? 1 : 0)
      test('before each step and behind each request, with one verdict that is where the switch is', {
        timeout: 3_600_000,
      }, async () => {
        const looked = everyNthOfLong(nth, `jump hosts killed over ${over} at ${host}`, rows)
        const wrong: string[] = []
        await inLanes(
          looked,
          async (row, hops) => {
            const { at, hop, back } = row
            const end = await killedChange({ over, host, hops, killed: { hop, at }, back })
            try {
              requireRow(row, end)
            } catch (error) {
              wrong.push(String(error))
            }
          },
          host,
        )
        expect(wrong).toEqual([])
        expect(looked.length).toBeGreaterThanOrEqual(2)
      })
    })
  })
}
