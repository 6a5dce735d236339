import { afterAll, describe, expect, test } from 'vitest'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import { hasIpv6, withoutIpv6 } from '../../lab/loopback.ts'
import { type KilledChange, type KilledEnd, killedChange, type Strike } from './killed-hop.ts'
import { hasSshd, type Sshd, startSshd, withoutSshd } from './sshd.ts'

/** The steps of a change of one switch: what is called, in its order. Each of them, and each request behind it, is a row. */
const STEPS = ['look', 'stage', 'look', 'stage', 'replay', 'arm', 'look', 'readConfig', 'confirm', 'save'] as const

/** How many requests a switch is sent by them; over SSH each line that is typed is one. */
const REQUESTS = { eapi: 10, ssh: 50 } as const

type Place = 'BEFORE' | 'AFTER'

/** How a change ends whose jump host is killed in a step: its exit code and where the switch is. docs/reach.md has the same table. */
interface Ends {
  /** The jump host is back before anything is tried again. */
  readonly soon: readonly [code: number, is: Place]
  /** It stays away until the command has ended. */
  readonly ended: readonly [code: number, was: Place]
}

const GOES_ON = [0, 'AFTER'] as const
const REFUSED = [10, 'BEFORE'] as const

/** By hand, in the order of {@link STEPS}. */
const ENDS: readonly Ends[] = [
  { soon: GOES_ON, ended: REFUSED },
  { soon: REFUSED, ended: [7, 'BEFORE'] },
  { soon: GOES_ON, ended: REFUSED },
  { soon: REFUSED, ended: [7, 'BEFORE'] },
  { soon: REFUSED, ended: [7, 'BEFORE'] },
  { soon: [6, 'BEFORE'], ended: [7, 'BEFORE'] },
  { soon: GOES_ON, ended: [7, 'BEFORE'] },
  { soon: GOES_ON, ended: [7, 'BEFORE'] },
  { soon: GOES_ON, ended: [7, 'BEFORE'] },
  { soon: GOES_ON, ended: [7, 'AFTER'] },
]

/** Behind its confirm a switch holds the change. */
const CONFIRMED: Ends = { soon: GOES_ON, ended: [7, 'AFTER'] }

interface Row {
  /** Where: what the rows of one test have in common. */
  readonly where: string
  readonly at: Strike
  readonly hop: 0 | 1
  readonly back: KilledChange['back']
}

/** Every row of a transport: before each step, and behind each request. */
function rowsOf(over: KilledChange['over']) {
  const strikes: readonly (readonly [string, Strike])[] = [
    ...STEPS.map((verb, step) => [`before step ${step + 1}, ${verb}`, { before: step + 1 }] as const),
    ...Array.from(
      { length: REQUESTS[over] },
      (_, request) => [`behind request ${request + 1}`, { behind: request + 1 }] as const,
    ),
  ]
  return strikes.flatMap(([where, at]) =>
    ([0, 1] as const).flatMap((hop) => (['soon', 'ended'] as const).map((back) => ({ where, at, hop, back }))),
  )
}

type Hops = readonly [Sshd, Sshd]

/** Pairs of jump hosts that live and are used by nobody. */
const free = { '127.0.0.1': [] as Hops[], '::1': [] as Hops[] }
afterAll(async () => {
  await Promise.all([...free['127.0.0.1'], ...free['::1']].flat().map((hop) => hop.remove()))
})

/** Does something with a pair of jump hosts, which it leaves alive. */
async function withHops<T>(host: keyof typeof free, work: (hops: Hops) => Promise<T>) {
  const hops = free[host].pop() ?? ([await startSshd('bastion', host), await startSshd('core', host)] as const)
  const given = await work(hops)
  free[host].push(hops)
  return given
}

function requireRow({ back, at }: Row, end: KilledEnd) {
  const said = `${JSON.stringify(at)} in ${end.verb}\n${end.text}`
  expect(end.isStruck, said).toBe(true)
  const [code, place] = (end.wasConfirmed ? CONFIRMED : (ENDS[end.step - 1] as Ends))[back]
  expect([end.code, end.was], said).toEqual([code, place])
  // What is said is where the switch is, or that nobody knows.
  expect(end.said, said).toBe(code === 7 ? 'UNKNOWN' : place)
  // One commit at most, and none without a timer; where its answer is lost it is not sent again before the switch was asked.
  const { timed, confirms, plain } = end.commits
  expect([plain, timed <= 1, confirms <= timed], said).toEqual([0, true, true])
  expect(end.unasked, said).toEqual([])
  if (code === 0) expect([timed, confirms], said).toEqual([1, 1])
  if (code === 10) expect([timed, confirms], said).toEqual([0, 0])
  // What is said of a switch that was committed to was read on it behind the last thing that was sent to change it.
  if (code === 0 || code === 6) expect(end.isReadBack, said).toBe(true)
  // Before anything else is sent the switch is asked.
  expect(end.blind, said).toBeUndefined()
  if (back === 'soon') {
    if (code === 0) expect(end.isSaved, said).toBe(true)
    return
  }
  if (code === 10) expect(end.text, said).toMatch(/leaf1: (?:jump host (?:bastion|core)|the jump host bastion)/)
  // Whoever asks the switch again, when it can be asked, is told the truth and can go on: a switch that holds the change has nothing to change.
  const isKept = place === 'AFTER'
  expect([end.again, end.is], said).toEqual([{ code: 0, said: isKept ? 'BEFORE' : 'AFTER' }, 'AFTER'])
  expect(end.commitsInAll, said).toEqual({ plain: 0, timed: timed + (isKept ? 0 : 1), confirms: 1 })
  expect(end.isReadBackAtLast, said).toBe(true)
  if (!isKept) expect(end.isSaved, said).toBe(true)
  if (!end.isSaved) expect(end.text, said).toContain('leaf1: running-config is not saved')
}

const HOSTS: (readonly [host: '127.0.0.1' | '::1', isHere: boolean, without: string])[] = [
  ['127.0.0.1', hasSshd, withoutSshd],
  ['::1', hasSshd && hasIpv6, `${withoutSshd}${withoutIpv6}`],
]

// What addresses of IPv6 change on the way is tried in odd-hops.clients.ts.
for (const [host, isHere, without] of extentOfLong(HOSTS.slice(0, 1), HOSTS)) {
  describe.skipIf(!isHere)(`one of two jump hosts is killed, all at ${host}${without}`, () => {
    describe.each(extentOfLong(['eapi'] as const, ['eapi', 'ssh'] as const))('over %s', (over) => {
      const rows = rowsOf(over)
      const nth = (over === 'eapi' ? 31 : 59) * (host === '::1' ? 2 : 1) + (host === '::1' ? 1 : 0)
      const looked = everyNthOfLong(nth, `jump hosts killed over ${over} at ${host}`, rows)

      test('a change has these steps and requests, which are the rows', async () => {
        const end = await withHops(host, (hops) => killedChange({ over, host, hops, back: 'soon' }))
        expect([end.code, end.is, end.isSaved], end.text).toEqual([0, 'AFTER', true])
        expect([end.calls, end.requests]).toEqual([STEPS, REQUESTS[over]])
        expect([end.commits, end.unasked]).toEqual([{ plain: 0, timed: 1, confirms: 1 }, []])
        expect(rows).toHaveLength(over === 'eapi' ? 80 : 240)
        expect(looked.length).toBeGreaterThanOrEqual(2)
      })

      // A run that is cut goes on with `-t 'over ssh at 127.0.0.1 behind request 3'`.
      test.for([...new Set(looked.map(({ where }) => where))])(
        `[G33] over ${over} at ${host} %s: one verdict, which is where the switch is`,
        async (where) => {
          const ends = looked
            .filter((row) => row.where === where)
            .map(async (row) => {
              const begun = performance.now()
              const { at, hop, back } = row
              const end = await withHops(host, (hops) => killedChange({ over, host, hops, killed: { hop, at }, back }))
              const took = Math.round(performance.now() - begun)
              process.stdout.write(
                `${over} ${host} ${where}, hop ${hop + 1}, back ${back}: ${wordsOf(end)} (${took} ms)\n`,
              )
              requireRow(row, end)
            })
          const wrong = (await Promise.allSettled(ends)).flatMap((one) =>
            one.status === 'rejected' ? [one.reason] : [],
          )
          expect(wrong).toEqual([])
        },
      )
    })
  })
}

/** The end of a row in one line. */
function wordsOf({ code, was, said, is, isSaved, commits, commitsInAll, verb, wasConfirmed, again }: KilledEnd) {
  const later = again === undefined ? '' : `, then ${again.code} ${again.said}`
  const counts = `${commits.timed}+${commits.confirms} of ${commitsInAll.timed}+${commitsInAll.confirms} commits`
  const where = `${verb}${wasConfirmed ? ' confirmed' : ''}: exit ${code} ${said}, was ${was}${later}, is ${is}`
  return `${where}${isSaved ? '' : ' unsaved'}, ${counts}`
}
