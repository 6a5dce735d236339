import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { planDigest } from '../../../src/change/plan/make-plan.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { recordedPlan, storePlan } from '../../../src/change/plan/stored-plan.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { makeStore } from '../../../src/change/record/postgres/layout.ts'
import { KeyRing } from '../../../src/change/record/seal/store-keys.ts'
import { DriftSeen } from '../../../src/doors/http/jobs/drift-seen.ts'
import { type OverviewSources, overviewFor } from '../../../src/doors/http/pages/overview-data.ts'
import { readOrMakeInstallKey } from '../../../src/project/system/machine/key-files.ts'
import { overviewRegions } from '../../../src/report/page/overview.ts'
import { type App, openAppIn, openLab, PEOPLE, partOf, SETTINGS, temporaryFolder, twoApprovers } from '../../lab/lab.ts'
import { emptyDatabase, serverForTests, urlOf } from '../../postgres/store-for-test.ts'
import { inventoryOf } from '../../project/worker/fabric.ts'

const servers = serverForTests()
const { zoe, bob } = PEOPLE

/** The records of an execution that waits for two approvers of its plan, and that plan. */
interface Waiting {
  readonly records: readonly JournalEvent[]
  readonly plan: Plan
}

/** One of them, as a server has made it. */
async function waiting(): Promise<Waiting> {
  const bench = await openLab({ policy: twoApprovers('operator, approver, helper') }).serve()
  const zoes = bench.browser(zoe)
  const id = await zoes.begin()
  await zoes.waits(id)
  const records = await bench.app.store.read(id)
  const made = records.find((event) => event.type === 'PlanMade')
  const plan = await recordedPlan(bench.app.store, made?.plan ?? '')
  return { records, plan }
}

/** An application whose store is in a database of its own, and the overview that bob has of it. */
async function opened() {
  const dir = temporaryFolder()
  const address = await emptyDatabase(servers.server)
  await makeStore(address, new KeyRing(readOrMakeInstallKey(join(dir, '.eosflow'), {})))
  writeFileSync(join(dir, 'eosflow.yaml'), `${SETTINGS}store: ${urlOf(address)}\nworkers: { durability: single }\n`)
  writeFileSync(join(dir, 'inventory.yaml'), inventoryOf({ leaf1: 1 }))
  writeFileSync(join(dir, 'policy.yaml'), twoApprovers('operator, approver, helper'))
  const { app, close } = await openAppIn(dir, zoe)
  onTestFinished(close)
  const live = partOf<OverviewSources['live']>({ pulsesOf: () => new Map(), written: 0, asked: { at: () => [] } })
  const sources = { app, drift: new DriftSeen(), live, verification: { recent: () => undefined } }
  return { app, look: () => overviewFor(sources, { principal: bob }) }
}

/** Has these executions wait, each for a plan of its own. */
async function wait({ app }: { readonly app: App }, { records, plan }: Waiting, from: number, to: number) {
  const one = async (name: string) => {
    const content = { ...plan.content, workflow: { ...plan.content.workflow, name } }
    const own = { ...plan, content, digest: planDigest(content) }
    const ref = await storePlan(app.store, own)
    const bodies = records.map(({ seq: _, at: _at, actor: _actor, execution: _execution, ...body }) => {
      const event = JSON.parse(JSON.stringify(body).replaceAll(plan.digest, own.digest)) as EventBody
      return event.type === 'PlanMade' ? { ...event, plan: ref } : event
    })
    await app.journalAs(zoe).append(name, bodies)
  }
  const names = Array.from({ length: to - from }, (_, index) => `w${String(from + index).padStart(4, '0')}`)
  await Promise.all(names.map(one))
}

/** Does something, and counts what PostgreSQL is asked meanwhile. */
async function counted<T>(work: () => Promise<T>): Promise<{ readonly found: T; readonly statements: number }> {
  const sent = vi.spyOn(pg.Client.prototype, 'query')
  try {
    return { found: await work(), statements: sent.mock.calls.length }
  } finally {
    sent.mockRestore()
  }
}

test('[W8] the overview of three hundred executions that wait asks hardly more than that of twenty', async () => {
  const team = await opened()
  const model = await waiting()
  const tallies = vi.spyOn(team.app.store, 'approvals')
  await wait(team, model, 0, 20)
  await team.look()
  tallies.mockClear()
  const few = await counted(team.look)
  expect(few.found.decisions).toHaveLength(20)
  expect(few.found.moreDecisions).toBe(undefined)
  expect(few.found.decisions[0]?.needs).toContain('2 approvals by approver')
  expect(tallies).toHaveBeenCalledTimes(20)

  await wait(team, model, 20, 300)
  const first = await counted(team.look)
  tallies.mockClear()
  const many = await counted(team.look)
  // Of all that are open the newest two hundred are looked at.
  expect([many.found.decisions.length, many.found.moreDecisions]).toEqual([20, { count: 180, isCut: true }])
  const [head, needs] = overviewRegions(many.found)
  expect(String(head.html)).toContain('At least 200 things wait for you.')
  expect(String(needs.html)).toContain('At least 180 more plans for your decision')
  expect(tallies).toHaveBeenCalledTimes(20)
  expect(few.statements).toBeGreaterThan(20)
  // Pages of the list, and what is gathered for each.
  expect(many.statements).toBeLessThan(few.statements + 40)
  expect(first.statements).toBeLessThan(few.statements + 150)
  process.stdout.write(`asked ${few.statements}, ${first.statements} at first and ${many.statements}\n`)
})
