import { describe, expect, test } from 'vitest'
import { openEngineThread } from '../../src/doors/http/act/engine-thread.ts'
import { features } from '../../src/features/index.ts'
import { silentConsole } from '../../src/lab/trial/trial-app.ts'
import { published as onPublished } from '../../src/project/history/bundle/published.ts'
import { leastWith } from '../change/workflow/states-file.ts'
import { everyNth } from '../extent.ts'
import { appWith, exits, type Lab, newest, openLab, whileTimePasses, withAppends, workflowFor } from '../lab/lab.ts'
import { openedIn, published } from '../project/authoring/publish/opened.ts'
import { aroundLab } from '../project/execution/around/around-lab.ts'
import {
  BOTH_BEFORE,
  BOTH_SITES,
  once,
  type TeamInMemory,
  teamInMemory,
} from '../project/history/sites/team-in-memory.ts'
import { device, SERIAL, settingsFor, startCloudVision, TOKEN } from './cloudvision/cloudvision-lab.ts'
import { fakeHttp, jsonSaid, judgedLab, values } from './judge/judged-lab.ts'

/** A feature, a lab whose change uses it, and how the change is named. */
interface Row {
  readonly feature: string
  readonly lab: () => Lab | Promise<Lab>
  readonly file?: string
}

const INVARIANT = `invariants:
  - { name: names, each: 'vlan {vlan}', mustNot: name OTHER, because: somebody has it }
`
const POLICY = `version: 1
gate: { http: { url: "https://opa.example.com/v1/data/eosflow/gate" } }
rules:
  - id: all
    allow: [plan.create, plan.read, plan.approve, execution.start, execution.stop, execution.read, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback, audit.read]
    to: ["kind:person"]
`
const ALLOWED = fakeHttp(() => jsonSaid({ result: { version: 1, decision: 'allow', reasons: ['fine'] } }))
const KEY = { HTTP_KEY: 'k'.repeat(64) }

const changed = (extra: string) => openLab({ workflow: workflowFor('leaf1', { extra }) })

/** Every feature whose part of a change is on record, in its plan or in the settings. */
const ROWS: readonly Row[] = [
  { feature: 'judge', lab: () => judgedLab(values({ leaf1: 1 })).lab },
  { feature: 'around', lab: async () => (await aroundLab({ targets: 'leaf1' })).lab },
  { feature: 'after', lab: () => changed('after: { checks: 24h }') },
  { feature: 'probe', lab: () => changed('probe: [{ from: leaf1, to: 10.0.1.0 }]') },
  { feature: 'invariant', lab: () => openLab({ files: { 'invariants/names.yaml': INVARIANT } }) },
  {
    feature: 'change-file',
    lab: () =>
      openLab({
        files: {
          'workflows/vlan.yaml': workflowFor('leaf1'),
          'changes/one.yaml': 'workflow: vlan\nticket: CHG-1234\n',
        },
      }),
    file: 'changes/one.yaml',
  },
  {
    feature: 'gate',
    lab: () =>
      openLab({
        env: KEY,
        files: {
          'policy.yaml': POLICY,
          'eosflow.yaml': `version: 1\nhttp: { key: '\${env:HTTP_KEY}', hosts: ["https://opa.example.com"] }\n`,
        },
        seams: (seams) => ({ ...seams, http: () => ALLOWED.http }),
      }),
  },
  {
    feature: 'cloudvision',
    lab: async () => {
      const { service } = await startCloudVision({ devices: [device(SERIAL.leaf1, 'leaf1')], controls: [] })
      return openLab({
        files: { 'eosflow.yaml': settingsFor(service.origin) },
        env: { ...KEY, CLOUDVISION_TOKEN: TOKEN },
      })
    },
  },
]

const SECRET = 'wren-8817-of-the-gate'

// A good change that waits for two hours between its confirm and its save.
const WAITING = leastWith(
  ['role:leaf', 'leaf1'],
  ['lines: [vlan 5]', "lines: ['vlan 998', '   name TESTED']"],
  ['stableFor: 10s', 'stableFor: 0s'],
  ['Next: SaveAll', 'Next: Pause'],
  ['  SaveAll:', '  Pause: { Type: Wait, Seconds: 7200, Next: SaveAll }\n  SaveAll:'],
)

const without = (feature: string) => features.filter(({ name }) => name !== feature)

describe('what a change still owes after its confirm', () => {
  test('is no good news from an eosflow that cannot judge it', async () => {
    const { lab } = judgedLab(values({ leaf1: 1 }), { more: 'after: { checks: 1h, every: 10m }\n' })
    await exits(0, lab.change())
    lab.features = without('judge')
    lab.write('eosflow.yaml', 'version: 1\n')
    await lab.clock.advance(660_000)
    const { out } = await exits(6, lab.eosflow('schedule run'))
    expect(out).toContain('the plan has `judges`, and no feature of this eosflow knows it')
  })

  test('is shown, stopped and restored despite a key below another one that nobody here knows', async () => {
    const lab = openLab({ workflow: workflowFor('leaf1') })
    await lab.killAt('in-verify')
    const id = await newest(lab)
    lab.write('eosflow.yaml', 'version: 1\nplan: { later: 1 }\n')
    await exits(3, lab.eosflow('plans'))
    const { err } = await exits(6, lab.resume())
    expect(err).toContain('eosflow.yaml:2:9: no feature of this eosflow knows the key `plan.later`')
    await lab.ok(`show ${id}`)
  })

  test('takes nobody the policy that was published beside its settings', async () => {
    const judges = `http: { key: '\${env:HTTP_KEY}', hosts: ['https://p.example.com'] }\njudges: { core: { url: https://p.example.com } }\n`
    const lab = openLab({
      files: {
        'policy.yaml': POLICY.replace(/gate.*\n/, '').replace('audit.read', 'audit.read, bundle.publish'),
        'eosflow.yaml': judges,
      },
      env: KEY,
    })
    await published(await openedIn(lab.dir, { lab }))
    const app = appWith(await openedIn(lab.dir, { lab }), { features: without('judge') })
    expect((await onPublished(app)).project.policy()?.digest).toMatch(/^sha256:/)
  })
})

describe('a feature that this eosflow is without', () => {
  test('every feature that can leave something behind has a row', () => {
    const owning = features.filter(({ settings, plan, records }) => settings ?? plan ?? records)
    expect(ROWS.map(({ feature }) => feature).toSorted()).toEqual(owning.map(({ name }) => name).toSorted())
  })

  test.each(ROWS)(
    '$feature: what is live is restored and read back, and never confirmed',
    async ({ feature, lab: open, file }) => {
      const lab = await open()
      await exits(0, lab.eosflow('plan', file ?? 'workflow.yaml', '-o', 'change.plan'))
      await lab.killAt('in-verify', 'leaf1', 'change.plan')
      const id = await newest(lab)
      lab.features = without(feature)
      const { out, err } = await exits(6, lab.resume())
      expect(out + err).toMatch(/no feature of this eosflow knows|is without its feature/)
      expect(lab.fabric.device('leaf1').counters()).toMatchObject({ commits: { plain: 0, timed: 1, confirms: 0 } })
      await lab.ok(`show ${id}`)
      await lab.ok('audit verify')
    },
  )

  test.each(ROWS)(
    '$feature: nothing begins under it, and an approval is not given',
    async ({ feature, lab: open, file }) => {
      const lab = await open()
      await exits(0, lab.eosflow('plan', file ?? 'workflow.yaml', '-o', 'change.plan'))
      lab.features = without(feature)
      const ends = [await lab.eosflow('approve change.plan'), await lab.agreed('run change.plan')]
      expect(ends.map(({ code }) => code)).not.toContain(0)
      expect(lab.fabric.device('leaf1').counters()).toMatchObject({ commits: { plain: 0, timed: 0, confirms: 0 } })
    },
  )

  // Behind each record of a good change but the last its process dies; from the 52nd on everything is saved.
  const MOMENTS = Array.from({ length: 56 }, (_, index) => index + 1)

  test.each(
    everyNth(
      { test: 12, long: 2 },
      'records behind which a process dies, before one without features resumes',
      MOMENTS,
    ),
  )(
    'killed behind record %i and resumed with no feature at all: nothing is sent that is not a restore',
    { tags: ['cut'] },
    async (moment) => {
      const lab = changed('after: { checks: 24h }')
      await lab.ok('plan workflow.yaml -o change.plan')
      await lab.killAt(`event-${moment}`, 'leaf1', 'change.plan')
      const before = lab.fabric.device('leaf1').counters().commits
      lab.features = []
      const { code, out, err } = await lab.resume()
      const after = lab.fabric.device('leaf1').counters().commits
      expect([after.timed, after.confirms], out + err).toEqual([before.timed, before.confirms])
      const isLive = moment > 24 && moment < 52
      expect([code, lab.whereIs('leaf1')], out + err).toEqual([isLive ? 6 : 10, moment < 52 ? 'BEFORE' : 'AFTER'])
      await lab.ok('audit verify')
    },
  )

  test('an approval that was signed elsewhere is not taken in', async () => {
    const lab = changed('after: { checks: 24h }')
    await lab.ok('plan workflow.yaml -o change.plan')
    await lab.ok('approve change.plan -o a.approval')
    lab.features = []
    await exits(10, lab.eosflow('approve change.plan --import a.approval'))
    const { out } = await lab.eosflow('audit list')
    expect(out).not.toContain('ApprovalDecided')
  })

  test('a secret of settings with an unknown key is known all the same', async () => {
    const lab = openLab({ env: { HTTP_KEY: SECRET }, workflow: workflowFor('leaf1') })
    await exits(12, lab.eosflow('run workflow.yaml --detach'))
    const http = `http: { key: '\${env:HTTP_KEY}', hosts: ['https://example.com'] }`
    lab.write('eosflow.yaml', `version: 1\npredict: 1\n${http}\n`)
    const { out, err } = await lab.eosflow('stop', '@latest', '--reason', `it is ${SECRET}`)
    lab.write('eosflow.yaml', 'version: 1\n')
    const { out: listed } = await lab.eosflow('audit list')
    expect(out + err + listed).not.toContain(SECRET)
    expect(listed).toContain('StopRequested')
  })

  test('a switch that is live is restored at once, whatever its machine waits for', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({
      workflow: WAITING,
      seams: withAppends({
        behind: (written) => {
          if (written.some(({ type }) => type === 'WaitStarted')) lab.kill()
        },
      }),
    })
    await lab.ok('plan workflow.yaml -o change.plan')
    await lab.ok('approve change.plan')
    await lab.killIn(() => lab.eosflow('run change.plan'))
    lab.write('eosflow.yaml', 'version: 1\npredict: 1\n')
    const before = lab.clock.now()
    await exits(6, lab.resume())
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
    expect(lab.clock.now() - before).toBeLessThan(600_000)
  })

  test('a server that is started without it leaves what waits as it is', { tags: ['long', 'turn'] }, async () => {
    const lab = changed('after: { checks: 24h }')
    const bench = await lab.serve()
    await exits(12, lab.eosflow('run workflow.yaml --detach'))
    const failed: string[] = []
    const next = openEngineThread({
      app: { ...bench.app, features: [] },
      console: silentConsole(),
      most: 20,
      failed: (what, error) => void failed.push(`${what}: ${String(error)}`),
      rehearse: () => new Promise(() => undefined),
    })
    await whileTimePasses(lab.clock, next.begin())
    await lab.clock.advance(60_000)
    expect((await lab.record()).map(({ type }) => type)).not.toContain('ExecutionEnded')
  })

  test.each(['confirm', 'save'] as const)(
    'a worker that is without it lets no site %s',
    { tags: ['long', 'turn'] },
    async (barrier) => {
      const isBefore: Parameters<typeof once>[0] = ({ events, when, process }) =>
        when === 'before' &&
        process.sites.includes('north') &&
        events.some((event) => event.type === 'BarrierReached' && event.barrier === barrier)
      const team: TeamInMemory = await teamInMemory({
        workflow: `${BOTH_SITES}after: { checks: 1h }\n`,
        killed: once(isBefore, {
          also: () => {
            for (const { app } of team.processes) Object.assign(app, { features: [] })
          },
        }).killed,
      })
      const id = await team.begin()
      await team.decide(id)
      expect((await team.ended(id)).outcome).toBe('rolled-back')
      expect(team.truth()).toEqual(BOTH_BEFORE)
    },
  )

  test('a worker that is without it keeps none from going on that has it', { tags: ['long', 'turn'] }, async () => {
    const team = await teamInMemory({ workflow: `${BOTH_SITES}after: { checks: 1h }\n` })
    const id = await team.begin()
    await team.waiting(id)
    const own = team.processes.map(({ app }) => app.features)
    for (const { app } of team.processes) Object.assign(app, { features: [] })
    await team.decide(id)
    await team.lab.clock.advance(120_000)
    team.processes.forEach(({ app }, index) => void Object.assign(app, { features: own[index] }))
    expect((await team.ended(id)).outcome).toBe('succeeded')
  })
})
