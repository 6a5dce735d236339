import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { App } from '../../../src/app/app.ts'
import { decideAs } from '../../../src/app/approval/decide.ts'
import { open } from '../../../src/app/begin.ts'
import { published as onPublished } from '../../../src/app/bundle/published.ts'
import type { Caller } from '../../../src/app/caller.ts'
import { run } from '../../../src/app/execution.ts'
import { orProblems } from '../../../src/app/input-error.ts'
import { loadWorkflow } from '../../../src/app/load-workflow.ts'
import { openProject } from '../../../src/app/project.ts'
import { openProjectStore } from '../../../src/app/project-store.ts'
import { schedulePrincipal } from '../../../src/app/schedule/schedule-principal.ts'
import { takeUpOpen } from '../../../src/app/take-up.ts'
import { workerPrincipal } from '../../../src/app/worker-principal.ts'
import type { ExecutionState } from '../../../src/engine/state.ts'
import type { JournalEvent } from '../../../src/journal/event.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { prepare } from '../../../src/plan/prepare.ts'
import { readRecordedPlan } from '../../../src/plan/recorded-plan.ts'
import { storedPlanText } from '../../../src/plan/stored-plan.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { Scrubber } from '../../../src/secret/scrubber.ts'
import { silentConsole } from '../../../src/trial/silent-console.ts'
import { type Lab, seamsOf, startLab, whileTimePasses } from '../../e2e/in-memory.ts'
import { whereIs, workflowFor } from '../../e2e/vlan-change.ts'
import { ANN, published } from './opened.ts'

const BOB: Principal = { issuer: 'corp', id: 'bob', kind: 'person', auth: 'oidc', groups: ['netops'] }
const WORKER = workerPrincipal('w1')

const as = (principal: Principal): Caller => ({ ...silentConsole(), principal })

/** A machine on the store of a lab: with the folder of the project, or with nothing but the settings of its store. */
async function machine(lab: Lab, part: 'folder' | 'worker'): Promise<App> {
  const host = { env: {}, cwd: lab.dir, scrubber: new Scrubber(), words: hintWords, seams: seamsOf(lab) }
  const folder = part === 'folder' ? '.' : 'worker'
  if (part === 'worker') lab.write('worker/eosflow.yaml', 'version: 1\nstore: ../.eosflow/store.db\n')
  const project = openProject(host, { project: join(lab.dir, folder) })
  const kept = await openProjectStore(project, host)
  onTestFinished(() => kept.store.close())
  return { ...host, ...kept, insecureTls: false, project }
}

const FILE = 'workflows/leaf.yaml'

/** An execution as a client begins it: on the newest bundle, and not run. */
async function begun(app: App, principal: Principal): Promise<ExecutionState> {
  const newest = await onPublished(app)
  const { project } = newest
  const prepared = orProblems(
    prepare({
      workflow: loadWorkflow(project, FILE),
      given: {},
      inventory: project.inventory(),
      files: project.files,
    }),
  )
  return open(newest, as(principal), { purpose: 'run', prepared })
}

async function driven(lab: Lab, app: App, id: string, principal = WORKER): Promise<ExecutionState> {
  const state = await takeUpOpen(app, as(principal), id, {})
  return whileTimePasses(lab.clock, run(app, as(principal), state, { detach: true }))
}

async function approved(app: App, { plan }: ExecutionState): Promise<void> {
  const made = readRecordedPlan(await storedPlanText(app.store, plan?.ref ?? ''))
  await decideAs(app, as(ANN), made, { decision: 'approve', comment: '' })
}

function labWith(files: Readonly<Record<string, string>> = {}): Lab {
  const lab = startLab()
  lab.write(FILE, workflowFor('leaf1'))
  for (const [path, text] of Object.entries(files)) lab.write(path, text)
  return lab
}

describe('a worker without a folder', () => {
  test('makes the change of the bundle, whatever becomes of the folder, and is the actor of what it records', async () => {
    const lab = labWith()
    const folder = await machine(lab, 'folder')
    const { bundle } = await published(folder)
    const { id } = await begun(folder, ANN)
    lab.write(FILE, workflowFor('leaf2', { lines: ['vlan 666'] }))
    rmSync(join(lab.dir, 'inventory.yaml'))
    const worker = await onPublished(await machine(lab, 'worker'))
    const waiting = await driven(lab, worker, id)
    expect(waiting).toMatchObject({ status: 'running', bundle, outcome: undefined })
    await approved(folder, waiting)
    const ended = await driven(lab, worker, id)
    expect(ended).toMatchObject({ status: 'ended', outcome: 'succeeded' })
    expect(['leaf1', 'leaf2'].map((name) => whereIs(lab.fabric.device(name)))).toEqual(['AFTER', 'BEFORE'])
    const records = await folder.store.read(id)
    expect(records[0]).toMatchObject({ type: 'ExecutionStarted', actor: 'local:1000:ann@noc1', bundle })
    expect(new Set(records.slice(1).map(({ actor }) => actor))).toEqual(new Set(['worker:w1']))
    expect(readdirSync(join(lab.dir, 'worker')).filter((name) => name !== '.eosflow')).toEqual(['eosflow.yaml'])
  })

  test('goes on with the workflow that the execution has begun with, under the newest policy', async () => {
    const lab = labWith({ 'policy.yaml': policyWith('task.push') })
    const folder = await machine(lab, 'folder')
    await published(folder)
    const { id } = await begun(folder, ANN)
    const worker = await onPublished(await machine(lab, 'worker'))
    const waiting = await driven(lab, worker, id)
    await approved(folder, waiting)
    lab.write(FILE, workflowFor('leaf1', { lines: ['vlan 666'] }))
    lab.write('policy.yaml', policyWith())
    const { bundle } = await published(await machine(lab, 'folder'))
    const ended = await driven(lab, worker, id)
    expect(ended).toMatchObject({ status: 'ended', outcome: 'refused' })
    const denied = ofType(await folder.store.read(id), 'AccessDenied')
    expect(denied).toMatchObject({ actor: 'worker:w1', principal: { id: ANN.id } })
    expect(denied?.reason).toContain('no rule allows local:1000:ann@noc1 task.push')
    const [newest] = await folder.store.bundles(1)
    expect([newest?.bundle, (await folder.store.policySeen())?.policy]).toEqual([bundle, denied?.policy])
    expect(whereIs(lab.fabric.device('leaf1'))).toBe('BEFORE')
  })

  test('refuses a bundle that is not what its digest says, by the name of the file', async () => {
    const lab = labWith()
    const folder = await machine(lab, 'folder')
    await published(folder)
    const { id } = await begun(folder, ANN)
    const other = await machine(lab, 'worker')
    const worker: App = { ...other, store: lying(other.store, 'vlan 998', 'vlan 997') }
    await expect(onPublished(worker)).rejects.toMatchObject({
      kind: 'stale',
      message: expect.stringMatching(/^workflows\/leaf\.yaml of the bundle [0-9a-f]{8} is not what its digest says$/),
    })
    const state = await takeUpOpen(other, as(WORKER), id, {})
    await expect(run(worker, as(WORKER), state, { detach: true })).rejects.toMatchObject({ kind: 'stale' })
    expect(whereIs(lab.fabric.device('leaf1'))).toBe('BEFORE')
  })
})

/** A store that gives another text in place of one that it keeps. */
function lying(store: App['store'], text: string, other: string): App['store'] {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (name === 'get') return async (ref: string) => (await target.get(ref)).replace(text, other)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

function ofType<T extends JournalEvent['type']>(events: readonly JournalEvent[], type: T) {
  return events.find((event): event is JournalEvent & { type: T } => event.type === type)
}

const ALL = [
  ...['plan.create', 'plan.read', 'plan.approve', 'execution.start', 'execution.read', 'task.snapshot', 'task.plan'],
  ...['task.verify', 'task.confirm', 'task.rollback', 'bundle.publish'],
]

/** A policy that lets people do everything but the push, and that too where it is named. */
function policyWith(...more: readonly string[]): string {
  return `version: 1
rules:
  - { id: people, to: ['kind:person'], allow: [${[...ALL, ...more].join(', ')}] }
`
}

const AGENT: Principal = {
  issuer: 'corp',
  id: 'helper',
  kind: 'agent',
  auth: 'oidc',
  onBehalfOf: { issuer: 'corp', id: 'bob', groups: ['netops'] },
}
const NIGHTLY = schedulePrincipal('nightly')

/** Who may push by a policy: the one who asks, the worker, both or nobody. */
const ROWS: readonly { who: string; by: Principal; requester: boolean; worker: boolean; ends: string }[] = [
  { who: 'a person', by: BOB, requester: true, worker: true, ends: 'succeeded' },
  { who: 'a person', by: BOB, requester: true, worker: false, ends: 'succeeded' },
  { who: 'a person', by: BOB, requester: false, worker: true, ends: 'refused' },
  { who: 'a person', by: BOB, requester: false, worker: false, ends: 'refused' },
  { who: 'a schedule', by: NIGHTLY, requester: true, worker: false, ends: 'succeeded' },
  { who: 'a schedule', by: NIGHTLY, requester: false, worker: true, ends: 'refused' },
  // Nothing lets an agent push, whatever a rule says.
  { who: 'an agent', by: AGENT, requester: true, worker: true, ends: 'refused' },
  { who: 'an agent', by: AGENT, requester: false, worker: true, ends: 'refused' },
]

/** A policy in which the one who asks, or the worker, may push. */
function policyOf({ requester, worker }: Pick<(typeof ROWS)[number], 'requester' | 'worker'>): string {
  const everything = ALL.filter((action) => action !== 'plan.approve').join(', ')
  const robots = worker ? 'allow: [task.push, task.snapshot, task.plan]' : 'deny: [task.push, task.snapshot]'
  return `version: 1
roles:
  netops: { members: ['corp:group:netops', 'schedule:nightly', 'corp:sub:helper'] }
  workers: { members: ['worker:w1'] }
rules:
  - { id: people, to: ['kind:person'], allow: [${ALL.join(', ')}] }
  - { id: netops, to: [netops], allow: [${everything}] }
${requester ? '  - { id: push, to: [netops], allow: [task.push], require: { approvals: { notRequester: true, notRunner: true } } }' : ''}
  - { id: robots, to: [workers], ${robots} }
`
}

describe('what a worker may do is what the requester may', () => {
  test.each(ROWS)('$who may $requester, the worker $worker: $ends', async ({ by, ends, ...may }) => {
    const lab = labWith({ 'policy.yaml': policyOf(may) })
    const folder = await machine(lab, 'folder')
    await published(folder)
    const { id } = await begun(folder, by)
    const worker = await onPublished(await machine(lab, 'worker'))
    const waiting = await driven(lab, worker, id)
    if (waiting.status !== 'ended') await approved(folder, waiting)
    const ended = waiting.status === 'ended' ? waiting : await driven(lab, worker, id)
    const records = await folder.store.read(id)
    const push = records.find((event) => event.type === 'TaskStarted' && event.state === 'Push')
    expect([ended.outcome, push]).toMatchObject(
      ends === 'refused' ? [ends, undefined] : [ends, { actor: 'worker:w1', decision: { rules: ['push'] } }],
    )
    const denied = ofType(records, 'AccessDenied')
    expect(denied === undefined).toBe(ends !== 'refused')
    if (denied !== undefined) expect(denied).toMatchObject({ actor: 'worker:w1', principal: { id: by.id } })
    expect(whereIs(lab.fabric.device('leaf1'))).toBe(ends === 'succeeded' ? 'AFTER' : 'BEFORE')
  })

  test('by itself a worker may do nothing that changes something', async () => {
    const lab = labWith()
    const folder = await machine(lab, 'folder')
    await expect(published(folder, [], WORKER)).rejects.toMatchObject({ kind: 'not-authorised' })
    expect(await folder.store.bundles()).toEqual([])
    await published(folder)
    const { id } = await begun(folder, ANN)
    const waiting = await driven(lab, await onPublished(await machine(lab, 'worker')), id)
    const made = readRecordedPlan(await storedPlanText(folder.store, waiting.plan?.ref ?? ''))
    const decide = decideAs(folder, as(WORKER), made, { decision: 'approve', comment: '' })
    await expect(decide).rejects.toMatchObject({ kind: 'not-authorised' })
    expect(await folder.store.approvals(made.digest)).toEqual([])
  })
})
