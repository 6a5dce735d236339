import { describe, expect, test } from 'vitest'
import { features } from '../../src/features/index.ts'
import { everyNth } from '../extent.ts'
import { exits, type Lab, NO_COMMIT, openLab, workflowFor } from '../lab/lab.ts'
import { aroundLab } from '../project/execution/around/around-lab.ts'
import { judgedLab, values } from '../project/execution/judge/judged-lab.ts'
import {
  device,
  SERIAL,
  settingsFor,
  startCloudVision,
  TOKEN,
} from '../project/switches/cloudvision/cloudvision-lab.ts'

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
const ALLOWED = Buffer.from(JSON.stringify({ result: { version: 1, decision: 'allow', reasons: ['fine'] } }))
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
        seams: (seams) => ({
          ...seams,
          http: () => ({ scrub: (text) => text, send: async () => ({ status: 200, headers: {}, body: ALLOWED }) }),
        }),
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

const without = (feature: string) => features.filter(({ name }) => name !== feature)

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
      const [found] = (JSON.parse((await lab.eosflow('executions --json')).out) as { executions: { id: string }[] })
        .executions
      lab.features = without(feature)
      const { out, err } = await exits(6, lab.resume())
      expect(out + err).toMatch(/no feature of this eosflow knows|is without its feature/)
      expect(lab.fabric.device('leaf1').counters()).toMatchObject({ commits: { plain: 0, timed: 1, confirms: 0 } })
      for (const command of [`show ${found?.id}`, 'audit verify']) await exits(0, lab.eosflow(command))
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

  test('one that waits is left as it is, and goes on where its features are', async () => {
    const lab = changed('after: { checks: 24h }')
    await exits(12, lab.eosflow('run workflow.yaml --detach'))
    await exits(0, lab.eosflow('approve @latest'))
    lab.features = []
    await exits(10, lab.resume())
    expect(lab.fabric.device('leaf1').counters().commits).toEqual(NO_COMMIT)
    lab.features = undefined
    await exits(0, lab.resume())
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })

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
      await exits(0, lab.eosflow('plan workflow.yaml -o change.plan'))
      await lab.killAt(`event-${moment}`, 'leaf1', 'change.plan')
      const before = lab.fabric.device('leaf1').counters().commits
      lab.features = []
      const { code, out, err } = await lab.resume()
      const after = lab.fabric.device('leaf1').counters().commits
      expect([after.timed, after.confirms], out + err).toEqual([before.timed, before.confirms])
      const isLive = moment > 24 && moment < 52
      expect([code, lab.whereIs('leaf1')], out + err).toEqual([isLive ? 6 : 10, moment < 52 ? 'BEFORE' : 'AFTER'])
      await exits(0, lab.eosflow('audit verify'))
    },
  )
})
