// @module-tag long
import { expect, test } from 'vitest'
import { everyNthOfLong } from '../../../extent.ts'
import { exits } from '../../../lab/exits.ts'
import { linesOf } from '../../../table.ts'
import { aroundLab, vlansOf } from './around-lab.ts'
import { type FakeServices, SERVICES } from './fake-services.ts'
import type { Instead, SocketFault } from './loopback-service.ts'

type ServiceName = (typeof SERVICES)[number]

/** Everything that goes wrong at a socket, or in an answer. */
const FAULTS: readonly SocketFault[] = [
  'no-connection',
  'reset-before',
  'reset-after',
  'cut',
  'never',
  'late',
  '401',
  '403',
  '404',
  '409',
  '429',
  '500',
  '502',
  'malformed',
  'other-form',
  'huge',
  'redirect',
  'slow',
]

/** One request that a change sends to a service: the nth of its kind. */
interface Call {
  readonly what: string
  readonly nth: number
  /** A request whose answer is lost before: only then this one is sent. */
  readonly behind?: string
}

/** What a good change sends to each service, in order. */
const CALLS: Readonly<Record<ServiceName, readonly string[]>> = {
  alerts: [
    'POST /api/v2/silences',
    'GET /api/v2/silence/00000000-0000-0000-0000-000000000001',
    'DELETE /api/v2/silence/00000000-0000-0000-0000-000000000001',
    'GET /api/v2/silence/00000000-0000-0000-0000-000000000001',
  ],
  graphs: ['POST /api/annotations', 'PATCH /api/annotations/1'],
  changes: linesOf(`
    GET /api/now/table/change_request
    GET /api/now/table/change_request
    GET /api/now/table/change_request
    GET /api/now/table/change_request/c83c5e5347c12200e0ef563dbb9a7190
    PATCH /api/now/table/change_request/c83c5e5347c12200e0ef563dbb9a7190
  `),
  issues: linesOf(`
    GET /rest/api/3/issue/NET-140
    GET /rest/api/3/issue/NET-140
    GET /rest/api/3/issue/NET-140/comment
    POST /rest/api/3/issue/NET-140/comment
    GET /rest/api/3/issue/NET-140
    GET /rest/api/3/issue/NET-140/transitions
    POST /rest/api/3/issue/NET-140/transitions
    GET /rest/api/3/issue/NET-140
  `),
  netbox: ['GET /api/extras/journal-entries/', 'GET /api/dcim/devices/', 'POST /api/extras/journal-entries/'],
}

/** What is sent besides where the answer to the first request is lost. */
const BEHIND: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  alerts: linesOf(`
    POST /api/v2/silences
    GET /api/v2/silences
    GET /api/v2/silence/00000000-0000-0000-0000-000000000001
    DELETE /api/v2/silence/00000000-0000-0000-0000-000000000001
    GET /api/v2/silence/00000000-0000-0000-0000-000000000001
    GET /api/v2/silences
  `),
  graphs: ['POST /api/annotations', 'GET /api/annotations', 'GET /api/annotations', 'PATCH /api/annotations/1'],
}

/** The first asks of a ticket: while the change is planned, and right before the first push. */
const GATES: Readonly<Partial<Record<ServiceName, number>>> = { changes: 2, issues: 2 }

const numbered = (calls: readonly string[], behind?: string): readonly Call[] =>
  calls.map((what, at) => ({
    what,
    nth: calls.slice(0, at + 1).filter((one) => one === what).length,
    ...(behind === undefined ? {} : { behind }),
  }))

interface Row extends Call {
  readonly service: ServiceName
  readonly fault: SocketFault
  readonly times: 'once' | 'from then on'
  /** Whether the change may not be pushed. */
  readonly isRefused: boolean
}

const ROWS: readonly Row[] = SERVICES.flatMap((service) => {
  const [first = ''] = BEHIND[service] ?? []
  const calls = [...numbered(CALLS[service]), ...numbered(BEHIND[service] ?? [], first).slice(1)]
  return calls.flatMap((call, at) =>
    FAULTS.flatMap((fault) =>
      // What is only sent behind a lost answer is spoilt once more; a read that comes late is none.
      (call.behind === undefined ? (['once', 'from then on'] as const) : (['once'] as const)).flatMap((times) => {
        if (fault === 'late' && call.what.startsWith('GET')) return []
        const gate = GATES[service] ?? 0
        const isRefused = fault !== 'slow' && (at === gate - 1 || (at < gate && times === 'from then on'))
        return [{ service, ...call, fault, times, isRefused }]
      }),
    ),
  )
})

/** One row of each service goes with one of each other: they have nothing to do with each other. */
const TOGETHER: readonly (readonly Row[])[] = (() => {
  const open = SERVICES.map((service) => ROWS.filter((row) => row.service === service && !row.isRefused))
  const longest = Math.max(...open.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => open.flatMap((rows) => rows[at] ?? []))
})()

/** What was once a defect, and so no part of a cut: an annotation that was made twice, and a silence that something between calls gone. */
const DEFECTS = TOGETHER.filter((rows) =>
  rows.some(
    ({ what, nth, behind, fault, times }) =>
      nth === 1 &&
      behind === undefined &&
      times === 'once' &&
      ((what === 'POST /api/annotations' && fault === 'late') ||
        (what.startsWith('GET /api/v2/silence/') && fault === '404')),
  ),
)

const REFUSED = ROWS.filter(({ isRefused }) => isRefused)

const nameOf = ({ what, nth, behind, fault, times }: Row) =>
  `${what} #${nth}${behind === undefined ? '' : ' behind a lost answer'}: ${fault} ${times}`

/** What the services do in these rows. */
function insteadOf(rows: readonly Row[]): Instead {
  return (what, nth) => {
    for (const row of rows) {
      if (what === row.what && (row.times === 'once' ? nth === row.nth : nth >= row.nth)) return row.fault
      if (what === row.behind && nth === 1) return 'reset-after'
    }
    return undefined
  }
}

/** The services that have not heard how the change ended. */
function unheardIn({ state: { change, issue, journal, annotations } }: FakeServices): readonly ServiceName[] {
  const hasHeard: Readonly<Partial<Record<ServiceName, boolean>>> = {
    graphs: annotations.length === 1 && annotations[0]?.timeEnd !== undefined,
    changes: change.work_notes.includes('succeeded') && change.state === '0',
    issues: issue.comments.length > 0 && issue.status === 'Done',
    netbox: journal.length > 0,
  }
  return SERVICES.filter((service) => hasHeard[service] === false)
}

/** How often each service has what it is to have once; a silence that failed is not begun again. */
function timesDone({
  state: { change, issue, journal, annotations },
}: FakeServices): Readonly<Record<ServiceName, number>> {
  return {
    alerts: 1,
    graphs: annotations.length,
    changes: change.work_notes.split('[eosflow').length - 1,
    issues: issue.comments.length,
    netbox: journal.length,
  }
}

function requirePublished({ by }: FakeServices) {
  for (const { unpublished, elsewhere } of Object.values(by)) expect([unpublished, elsewhere()]).toEqual([[], 0])
}

test('the table has every request of a good change, and every one behind an answer that was lost', async () => {
  const { lab, services } = await aroundLab({ targets: 'leaf1' })
  await exits(0, lab.change())
  expect(SERVICES.map((name) => services.by[name].seen)).toEqual(SERVICES.map((name) => CALLS[name]))
  const lost = await aroundLab({ targets: 'leaf1' })
  lost.services.fault = (what, nth) =>
    nth === 1 && Object.values(BEHIND).some(([first]) => first === what) ? 'reset-after' : undefined
  await exits(0, lost.lab.change())
  expect([lost.services.by.alerts.seen, lost.services.by.graphs.seen]).toEqual([BEHIND.alerts, BEHIND.graphs])
  requirePublished(lost.services)
  expect(DEFECTS).toHaveLength(2)
  expect([ROWS.length, TOGETHER.flat().length + REFUSED.length, TOGETHER.length, REFUSED.length]).toEqual([
    902, 902, 228, 96,
  ])
})

test.for(
  [...new Set([...everyNthOfLong(60, 'changes with a fault at each service', TOGETHER), ...DEFECTS])].map(
    (rows) => [rows.map(nameOf).join(', '), rows] as const,
  ),
)('[G122] %s: the change ends well, and what was begun is undone or named', async ([, rows]) => {
  const { lab, services } = await aroundLab({ targets: 'leaf1' })
  services.fault = insteadOf(rows)
  const { code, out, err } = await lab.change()
  const said = out + err
  requirePublished(services)
  // Nothing that goes wrong elsewhere changes how the change ends.
  expect([code, said]).toEqual([0, expect.stringContaining('succeeded')])
  expect(vlansOf(lab, 'leaf1')).toBe(true)
  const { silences } = services.state
  const open = silences.filter(({ state }) => state !== 'expired')
  if (open.length > 0) expect(said).toMatch(/left over: silence in alerts .*could not be ended: .*Expire it by hand/s)
  if (silences.length === 0) expect(said).toContain('silence in alerts could not be begun: ')
  const unheard = unheardIn(services)
  for (const service of unheard) expect(said).toMatch(new RegExp(`in ${service}.* has not heard how the change ended`))
  // What goes wrong once is made good, and is done once, unless it came late.
  const once = rows.filter(({ times }) => times === 'once')
  expect(unheard.filter((service) => once.some((row) => row.service === service))).toEqual([])
  if (once.some(({ service }) => service === 'alerts')) expect(open).toEqual([])
  const done = timesDone(services)
  for (const { service } of once.filter(({ fault }) => fault !== 'late'))
    expect([service, done[service]]).toEqual([service, 1])
})

test.for(everyNthOfLong(80, 'faults at a ticket that is asked', REFUSED).map((row) => [nameOf(row), row] as const))(
  '%s: nothing is sent, and nothing is begun',
  async ([, row]) => {
    const { lab, services } = await aroundLab({ targets: 'leaf1' })
    services.fault = insteadOf([row])
    const { code, out, err } = await lab.change()
    requirePublished(services)
    expect([code, out + err]).toEqual([10, expect.stringMatching(/Execution .*refused/)])
    expect([vlansOf(lab, 'leaf1'), services.state.silences, services.state.annotations]).toEqual([false, [], []])
    expect(services.seen.filter((one) => !one.startsWith('GET'))).toEqual([])
  },
)
