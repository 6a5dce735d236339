import { describe, expect, test } from 'vitest'
import { knownChecks } from '../../src/eos/check/builtin/known-checks.ts'
import { EosflowError } from '../../src/model/error.ts'
import type { HttpAnswer, HttpPort } from '../../src/model/http-port.ts'
import { noSeams } from '../../src/project/system/process/seams.ts'
import { everyNth, everyNthOfLong } from '../extent.ts'
import { fakeHttp, jsonSaid, vectorAnswer } from '../features/judge/judged-lab.ts'
import { DC1, type Ended, exits, type LabFabric, newest, openLab, sshInventoryOf, typed } from '../lab/lab.ts'
import {
  AREAS,
  askedAround,
  askingWorkflow,
  CHECKS,
  committed,
  FIRST_CHECK,
  JUDGES,
  PROBES,
  QUESTIONS,
  REFUSABLE,
} from './asked-before.ts'

/** A project whose switches are asked over one of the transports. */
interface Asked {
  readonly fabric: Parameters<typeof committed>[0] & Pick<LabFabric, 'fault' | 'clearFaults'>
  /** Runs one command line as a person who says yes. */
  agreed(...argv: readonly string[]): Promise<Ended>
  now(): number
}

const SERVICE = 'https://prometheus.example.com'
const SETTINGS = `version: 1
http: { key: '\${env:HTTP_KEY}', hosts: [{ origin: '${SERVICE}' }] }
judges: { core: { url: '${SERVICE}', scrape: 5s } }
`

const ENV = { HTTP_KEY: 'k'.repeat(64) }

async function over(
  transport: 'eAPI' | 'SSH',
  workflow: string,
  http: (port: HttpPort) => HttpPort = (port) => port,
): Promise<Asked> {
  const files = { 'workflow.yaml': workflow, 'eosflow.yaml': SETTINGS }
  if (transport === 'eAPI') {
    const lab = openLab({ workflow, files, env: ENV, seams: (seams) => ({ ...seams, http }) })
    return { fabric: lab.fabric, agreed: lab.agreed, now: () => lab.clock.now() }
  }
  const bench = await openLab({ world: 'sockets', switches: { folder: DC1 }, files })
  bench.write('inventory.yaml', sshInventoryOf(bench.fabric))
  return {
    fabric: bench.fabric,
    now: Date.now,
    agreed: (...argv) => typed(bench.dir, argv, { answers: ['yes'], env: ENV, seams: { ...noSeams, http } }),
  }
}

const TRANSPORTS = ['eAPI', 'SSH'] as const

/** How a switch refuses. */
const REFUSALS = [
  ['misspelt', "Invalid input (at token 1: 'vlann')", 1002],
  ['abbreviated', "Incomplete token (at token 1: 'run')", 1002],
  ['unconverted', 'This is an unconverted command', 1003],
] as const

/** What asks a switch, the workflow that holds all of it, and which of it a refusal has named. */
const KINDS: readonly {
  readonly kind: string
  readonly workflow: string
  readonly all: readonly string[]
  readonly told: (text: string) => readonly string[]
}[] = [
  { kind: 'check', workflow: askingWorkflow({ checks: CHECKS }), all: REFUSABLE, told: toldChecks },
  {
    kind: 'area',
    workflow: askingWorkflow({ areas: AREAS, verify: ['expect: { everythingElse: unchanged }'] }),
    all: AREAS,
    told: (text) =>
      [...text.matchAll(/workflow\.yaml:13:\d+: leaf1: the state area `([^`]+)` cannot be read/g)].map(
        ([, area = '']) => area,
      ),
  },
  {
    kind: 'probe',
    workflow: askingWorkflow({ verify: ['checks: [reachable]'], probes: PROBES }),
    all: ['16', '17', '18', '19'],
    told: (text) => [...text.matchAll(/workflow\.yaml:(\d+):\d+: leaf\d refuses `ping /g)].map(([, line = '']) => line),
  },
  {
    kind: 'question of `after`',
    workflow: askingWorkflow({ checks: CHECKS, after: true }),
    all: REFUSABLE,
    told: toldChecks,
  },
]

function toldChecks(text: string) {
  return [...text.matchAll(/workflow\.yaml:(\d+):12: leaf1 refuses `/g)].map(
    ([, line]) => CHECKS[Number(line) - FIRST_CHECK] ?? `line ${line}`,
  )
}

/** A fault strikes once, and a command may be asked in several revisions and by a push, too. */
function refuse({ fabric }: Asked, says: string, code: 1002 | 1003) {
  for (const device of ['leaf1', 'leaf2'])
    for (const command of QUESTIONS)
      for (let times = 0; times < 4; times += 1)
        fabric.fault({ device, kind: 'refuse-command', command, code, errors: [says] })
}

const ROWS = TRANSPORTS.flatMap((transport) =>
  KINDS.flatMap((kind) => REFUSALS.map((how) => ({ transport, ...kind, how }))),
)

describe('a table of all that asks a switch, refused', () => {
  test('holds every check and every area that asks a switch, and each form of a probe', () => {
    expect(CHECKS.length).toBeGreaterThan(150)
    expect(knownChecks.map(({ name }) => name).filter((name) => !CHECKS.includes(name))).toEqual([
      'expected-change',
      'reachable',
    ])
    expect([AREAS.length > 20, PROBES.length, ROWS.length]).toEqual([true, 4, 24])
  })

  const refuses = async ({ transport, workflow, all, told, how: [, says, code] }: (typeof ROWS)[number]) => {
    const asked = await over(transport, workflow)
    refuse(asked, says, code)
    const { err } = await exits(10, asked.agreed('run workflow.yaml'))
    const named = told(err)
    expect(all.filter((name) => !named.includes(name))).toEqual([])
    expect(committed(asked.fabric)).toEqual([])
  }
  const named = (rows: typeof ROWS) => rows.map((row) => [row.transport, row.kind, row.how[0], row] as const)

  test.each(
    everyNth(
      { test: 6, long: 3 },
      'questions that a switch refuses over eAPI',
      named(ROWS.filter(({ transport }) => transport === 'eAPI')),
    ),
  )('[3C1] over %s no %s is asked under a commit timer as one that is %s', async (_transport, _kind, _how, row) =>
    refuses(row),
  )
  test.each(
    everyNthOfLong(
      12,
      'questions that a switch refuses over SSH',
      named(ROWS.filter(({ transport }) => transport === 'SSH')),
    ),
  )(
    '[3C1] over %s no %s is asked under a commit timer as one that is %s',
    { tags: 'long' },
    async (_transport, _kind, _how, row) => refuses(row),
  )
})

type Says = (nth: number) => HttpAnswer
const html: HttpAnswer = {
  ...jsonSaid(''),
  headers: { 'content-type': 'text/html' },
  body: new TextEncoder().encode('<html>'),
}

/** How a service that judges refuses: what a misspelt query or address, a right that is lacking, a service that is not there and another one say. */
const SERVICES: readonly (readonly [how: string, says: Says])[] = [
  [
    'refuses the question',
    () => jsonSaid({ status: 'error', errorType: 'bad_data', error: '1:9: parse error' }, { status: 400 }),
  ],
  ['does not know the address', () => jsonSaid({ status: 'error' }, { status: 404 })],
  ['forbids it', () => jsonSaid({ status: 'error' }, { status: 403 })],
  ['answers as something else', () => html],
  [
    'is not there',
    () => {
      throw new EosflowError('unreachable', `POST ${SERVICE}: connection refused`)
    },
  ],
]

const alerting = (at: number) => ({
  name: 'g',
  interval: 15,
  rules: [
    {
      type: 'alerting',
      name: 'PeerDown',
      labels: { severity: 'critical' },
      health: 'ok',
      lastEvaluation: new Date(at - 5000).toISOString(),
      alerts: [],
    },
  ],
})

const judged = (kind: keyof typeof JUDGES) => askingWorkflow({ verify: [`judges: [${JUDGES[kind]}]`] })
const kinds = Object.keys(JUDGES) as (keyof typeof JUDGES)[]
const JUDGED = TRANSPORTS.flatMap((transport) =>
  kinds.flatMap((kind) => SERVICES.map(([how, says]) => [transport, kind, how, says] as const)),
)

describe('a table of all judges, each refused', () => {
  test('holds each kind and each way', () => {
    expect(JUDGED).toHaveLength(2 * 2 * 5)
  })

  const refuses = async (transport: (typeof TRANSPORTS)[number], kind: keyof typeof JUDGES, says: Says) => {
    const asked = await over(transport, judged(kind), () => fakeHttp((_request, nth) => says(nth)).http)
    const ended = await asked.agreed('run workflow.yaml')
    expect([3, 10], ended.err).toContain(ended.code)
    expect(ended.err).toMatch(/(?:prometheus|alerts) core|connection refused/)
    expect(committed(asked.fabric)).toEqual([])
  }
  /** It answers until the plan is made. */
  const refusesLater = async (transport: (typeof TRANSPORTS)[number], kind: keyof typeof JUDGES, says: Says) => {
    let isPlanned = false
    let now = () => Date.now()
    const good = (): HttpAnswer =>
      kind === 'alerts'
        ? jsonSaid(
            { status: 'success', data: { groups: [alerting(now())] } },
            { headers: { date: new Date(now()).toUTCString() } },
          )
        : jsonSaid(vectorAnswer(now(), 'instance', [[{ instance: 'leaf1' }, '1']]))
    const asked = await over(
      transport,
      judged(kind),
      () => fakeHttp((_request, nth) => (isPlanned ? says(nth) : good())).http,
    )
    now = asked.now
    await exits(0, asked.agreed('plan workflow.yaml -o a.plan'))
    isPlanned = true
    const ended = await asked.agreed('run a.plan')
    expect([3, 10], ended.err).toContain(ended.code)
    expect(committed(asked.fabric)).toEqual([])
  }

  for (const transport of TRANSPORTS) {
    const tags = transport === 'SSH' ? ['long'] : ['cut']
    const all = JUDGED.filter(([over]) => over === transport)
    const portions = transport === 'SSH' ? { test: 10, long: 10 } : { test: 5, long: 3 }
    const rows = everyNth(portions, `judges that refuse over ${transport}`, all)
    test.each(rows)('[3C1] over %s %s where the service %s: nothing is pushed', { tags }, (_, kind, _how, says) =>
      refuses(transport, kind, says),
    )
    const later = everyNth(transport === 'SSH' ? portions : 10, `judges that refuse later over ${transport}`, all)
    test.each(later)(
      'over %s %s where the service %s after the plan: nothing is pushed',
      { tags },
      (_, kind, _how, says) => refusesLater(transport, kind, says),
    )
  }
})

describe('nothing is asked under a commit timer, or after it, that was not asked before it', () => {
  /** Those that the simulated switch takes. */
  const taken = async () => {
    const { err } = await openLab({ workflow: askingWorkflow({ checks: CHECKS }) }).agreed('run workflow.yaml')
    const refused = toldChecks(err)
    return CHECKS.filter((name) => !refused.includes(name))
  }

  const isLaw = async (transport: (typeof TRANSPORTS)[number]) => {
    const checks = await taken()
    const verify = ['expect: { everythingElse: unchanged }']
    const asked = await over(transport, askingWorkflow({ areas: AREAS, checks, probes: PROBES, verify }))
    await exits(6, asked.agreed('run workflow.yaml'))
    expect(committed(asked.fabric)).toContain('leaf1')
    for (const device of asked.fabric.devices.filter(({ name }) => ['leaf1', 'leaf2'].includes(name))) {
      const { before, after } = askedAround(device.requests())
      expect([...after].filter((command) => !before.has(command))).toEqual([])
      if (device.name === 'leaf1') expect(after.size).toBeGreaterThan(130)
    }
  }
  test('[3C1] over eAPI, of all checks, areas and probes', { tags: 'long' }, () => isLaw('eAPI'))
  test('over SSH, of all checks, areas and probes', { tags: ['long', 'turn'] }, () => isLaw('SSH'))

  test('of the looks after the confirm, of all checks that are good', { tags: 'long' }, async () => {
    const trial = openLab({ workflow: askingWorkflow({ checks: await taken() }) })
    await trial.change()
    const events = JSON.parse((await trial.eosflow('history', await newest(trial), '--json')).out) as readonly {
      readonly type: string
      readonly check?: string
      readonly verdict?: { readonly status: string }
    }[]
    const good = CHECKS.filter((name) =>
      events.some(
        ({ type, check, verdict }) => type === 'VerdictGiven' && check === name && verdict?.status === 'pass',
      ),
    )
    expect(good.length).toBeGreaterThan(30)
    const lab = openLab({ workflow: askingWorkflow({ checks: good, after: true }) })
    await exits(0, lab.change())
    const device = lab.device('leaf1')
    const ended = device.requests().length
    await lab.clock.advance(600_000)
    await lab.ok('schedule run')
    expect(device.requests().length).toBeGreaterThan(ended)
    const { before, after } = askedAround(device.requests())
    expect([...after].filter((command) => !before.has(command))).toEqual([])
    expect(after.size).toBeGreaterThan(20)
  })
})
