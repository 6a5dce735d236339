import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readState } from '../../../../src/change/engine/fold.ts'
import type { ExecutionState } from '../../../../src/change/engine/state.ts'
import { recordedPlan } from '../../../../src/change/plan/stored-plan.ts'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { JournalEvent } from '../../../../src/change/record/event/event.ts'
import { schedulePrincipal } from '../../../../src/features/schedule/occurrence.ts'
import { silentConsole } from '../../../../src/lab/trial/trial-app.ts'
import { identityOf, type Principal } from '../../../../src/model/principal.ts'
import { openProjectStore } from '../../../../src/project/app/store/project-store.ts'
import { decideAs } from '../../../../src/project/approval/decide.ts'
import { asPublished } from '../../../../src/project/authoring/publish/as-published.ts'
import { showBundle } from '../../../../src/project/authoring/publish/publish.ts'
import { keptChange } from '../../../../src/project/authoring/small-change/kept-change.ts'
import { beginChange } from '../../../../src/project/execution/begin/begin-change.ts'
import { putBack } from '../../../../src/project/execution/begin/put-back.ts'
import { begin } from '../../../../src/project/execution/journal/begin.ts'
import { drive } from '../../../../src/project/execution/resume/drive.ts'
import { run, takeUpOpen } from '../../../../src/project/execution/run/run.ts'
import { stop } from '../../../../src/project/execution/stop/stop.ts'
import { suspend } from '../../../../src/project/execution/stop/suspending.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { published as onPublished, publishedIfAny } from '../../../../src/project/history/bundle/published.ts'
import { readPlanFile } from '../../../../src/project/history/plans/plan-source.ts'
import { workerPrincipal } from '../../../../src/project/identity/worker-principal.ts'
import { savedChange } from '../../../../src/project/plan/planning.ts'
import { askSources } from '../../../../src/project/switches/inventory/refresh-sources.ts'
import {
  type App,
  appWith,
  asking,
  hostIn,
  type Lab,
  openLab,
  preparedIn,
  seamsOf,
  whileTimePasses,
  workflowFor,
} from '../../../lab/lab.ts'
import { ANN, published } from './opened.ts'

const BOB: Principal = { issuer: 'corp', id: 'bob', kind: 'person', auth: 'oidc', groups: ['netops'] }
const WORKER = workerPrincipal('w1')

/** A machine on the store of a lab: with the folder of the project, or with nothing but the settings of its store. */
async function machine(lab: Lab, part: 'folder' | 'worker') {
  const host = hostIn(lab.dir, { seams: seamsOf(lab) })
  const folder = part === 'folder' ? '.' : 'worker'
  if (part === 'worker') lab.write('worker/eosflow.yaml', 'version: 1\nstore: ../.eosflow/store.db\n')
  const project = openProject(host, { project: join(lab.dir, folder) })
  const kept = await openProjectStore(project, host)
  onTestFinished(() => kept.store.close())
  return { ...host, ...kept, insecureTls: false, project }
}

const workerOf = async (lab: Lab) => onPublished(await machine(lab, 'worker'))
const where = (lab: Lab, name = 'leaf1') => lab.whereIs(name)

const silent = () => () => undefined

const FILE = 'workflows/leaf.yaml'

/** An execution as a client begins it: on the newest bundle, and not run. */
async function begun(app: App, principal: Principal) {
  const newest = await onPublished(app)
  return begin(newest, asking(principal), { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(newest, FILE) })
}

async function driven(lab: Lab, app: App, id: string, principal = WORKER) {
  const state = await takeUpOpen(app, asking(principal), id, {})
  return whileTimePasses(lab.clock, run(app, asking(principal), state, { detach: true }))
}

async function approved(app: App, { plan }: ExecutionState) {
  const made = await recordedPlan(app.store, plan?.ref ?? '')
  await decideAs(app, asking(ANN), made, { decision: 'approve', comment: '' })
}

function labWith(files: Readonly<Record<string, string>> = {}) {
  const lab = openLab()
  lab.write(FILE, workflowFor('leaf1'))
  for (const [path, text] of Object.entries(files)) lab.write(path, text)
  return lab
}

/** A lab, a folder of it that was published, and an execution of that which has begun. */
async function open(files: Readonly<Record<string, string>> = {}, by = ANN) {
  const lab = labWith(files)
  const folder = await machine(lab, 'folder')
  const { bundle } = await published(folder)
  const { id } = await begun(folder, by)
  return { lab, folder, bundle, id }
}

describe('a worker without a folder', () => {
  test('makes the change of the bundle, whatever becomes of the folder, and is the actor of what it records', async () => {
    const { lab, folder, bundle, id } = await open()
    lab.write(FILE, workflowFor('leaf2', { lines: ['vlan 666'] }))
    rmSync(join(lab.dir, 'inventory.yaml'))
    const worker = await workerOf(lab)
    const waiting = await driven(lab, worker, id)
    expect(waiting).toMatchObject({ status: 'running', bundle, outcome: undefined })
    await approved(folder, waiting)
    const ended = await driven(lab, worker, id)
    expect(ended).toMatchObject({ status: 'ended', outcome: 'succeeded' })
    expect(['leaf1', 'leaf2'].map((name) => where(lab, name))).toEqual(['AFTER', 'BEFORE'])
    const records = await folder.store.read(id)
    expect(records[0]).toMatchObject({ type: 'ExecutionStarted', actor: 'local:1000:ann@noc1', bundle })
    expect(new Set(records.slice(1).map(({ actor }) => actor))).toEqual(new Set(['worker:w1']))
    expect(readdirSync(join(lab.dir, 'worker')).filter((name) => name !== '.eosflow')).toEqual(['eosflow.yaml'])
  })

  test('goes on with the workflow that the execution has begun with, under the newest policy', {
    tags: ['long', 'turn'],
  }, async () => {
    const { lab, folder, id } = await open({ 'policy.yaml': policyWith('task.push') })
    const worker = await workerOf(lab)
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
    expect(where(lab)).toBe('BEFORE')
  })

  test.each(['stop', 'suspend'] as const)(
    'is not asked to %s by whom a policy of a folder alone lets',
    async (word) => {
      const lab = labWith({ 'policy.yaml': policyWith() })
      await published(await machine(lab, 'folder'))
      const { id } = await begun(await machine(lab, 'folder'), ANN)
      lab.write('policy.yaml', policyWith('execution.stop'))
      const folder = await machine(lab, 'folder')
      const request = { execution: id, reason: 'mine' }
      const asked =
        word === 'stop' ? stop(folder, asking(BOB), request, silent) : suspend(folder, asking(BOB), request, silent)
      await expect(asked).rejects.toMatchObject({ kind: 'not-authorised' })
      const start = cursorBehind({ seq: 0 })
      expect(await folder.store.stopRequest(id, start)).toBeUndefined()
      expect(await folder.store.suspendRequest(id, start)).toBeUndefined()
    },
  )

  test('is not gone past by whoever goes on with the execution in a folder', { tags: ['long', 'turn'] }, async () => {
    const { lab, folder, id } = await open({ 'policy.yaml': policyWith('task.push') })
    const waiting = await driven(lab, await workerOf(lab), id)
    await approved(folder, waiting)
    lab.write('policy.yaml', policyWith())
    await published(await machine(lab, 'folder'))
    lab.write('policy.yaml', policyWith('task.push'))
    lab.write(FILE, workflowFor('leaf1', { lines: ['vlan 666'] }))
    const ended = await driven(lab, await machine(lab, 'folder'), id, ANN)
    expect(ended).toMatchObject({ status: 'ended', outcome: 'refused' })
    expect(ofType(await folder.store.read(id), 'AccessDenied')).toMatchObject({ principal: { id: ANN.id } })
  })

  test('makes the rollback of its change as it makes the change', { tags: 'long' }, async () => {
    const { lab, folder, bundle, id } = await open()
    const worker = await workerOf(lab)
    await approved(folder, await driven(lab, worker, id))
    expect((await driven(lab, worker, id)).outcome).toBe('succeeded')
    const put = await whileTimePasses(lab.clock, putBack(folder, asking(ANN), { execution: id, target: undefined }))
    const back = 'state' in put ? put.state : undefined
    if (back === undefined) throw new Error('nothing is put back')
    expect(back.bundle).toBe(bundle)
    await approved(folder, await driven(lab, worker, back.id))
    expect((await driven(lab, worker, back.id)).outcome).toBe('succeeded')
    expect(where(lab)).toBe('BEFORE')
  })

  test('refuses a bundle that is not what its digest says, by the name of the file', async () => {
    const { lab, id } = await open()
    const other = await machine(lab, 'worker')
    const worker = appWith(other, { store: lying(other.store, 'vlan 998', 'vlan 997') })
    await expect(onPublished(worker)).rejects.toMatchObject({
      kind: 'stale',
      message: expect.stringMatching(/^workflows\/leaf\.yaml of the bundle [0-9a-f]{8} is not what its digest says$/),
    })
    const state = await takeUpOpen(other, asking(WORKER), id, {})
    await expect(run(worker, asking(WORKER), state, { detach: true })).rejects.toMatchObject({ kind: 'stale' })
    expect(where(lab)).toBe('BEFORE')
  })
})

/** A store that gives another text in place of one that it keeps. */
function lying(store: App['store'], text: string, other: string) {
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
function policyWith(...more: readonly string[]) {
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
function policyOf({ requester, worker }: Pick<(typeof ROWS)[number], 'requester' | 'worker'>) {
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

describe('a client whose executions workers drive', () => {
  const dispatch = { post: async () => undefined }

  /** Has a worker drive an execution to its approval, and from there to its end. */
  async function throughout(lab: Lab, folder: App, id: string) {
    const worker = await publishedIfAny(await machine(lab, 'worker'))
    const go = () => whileTimePasses(lab.clock, drive(worker, asking(WORKER), id))
    expect(await go()).toBe('rests')
    await approved(folder, await readState(folder.store, id))
    expect([await go(), where(lab)]).toEqual(['ended', 'AFTER'])
  }

  test('begins them with what is published, and a worker drives them to their end as itself', async () => {
    const lab = labWith({ 'policy.yaml': policyWith('task.push') })
    const folder = await machine(lab, 'folder')
    const client: App = { ...folder, dispatch }
    const { prepared } = await asPublished(folder, { prepared: preparedIn(folder, FILE) })
    expect(prepared.bundle).toBeUndefined()
    const { bundle } = await published(folder)
    const begun = await beginChange(client, asking(BOB), { prepared: preparedIn(folder, FILE) })
    const id = begun.kind === 'begun' ? begun.state.id : ''
    expect(begun).toMatchObject({ kind: 'begun', state: { bundle, targets: ['leaf1'] } })
    rmSync(join(lab.dir, 'workflows'), { recursive: true })
    await throughout(lab, folder, id)
    const records = await folder.store.read(id)
    expect(records.at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'succeeded', actor: 'worker:w1' })
    expect(where(lab)).toBe('AFTER')
  })

  test('has the worker ask the sources that answer elsewhere: what is kept of them is in no bundle', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = labWith()
    const inventory = JSON.parse(lab.read('inventory.yaml')) as {
      devices: Record<string, { tags: object }>
    }
    const program = join(lab.dir, 'answer.sh')
    const untagged = Object.entries(inventory.devices).map(([name, { tags: _, ...device }]) => [name, device])
    const answer = JSON.stringify({ version: 1, devices: Object.fromEntries(untagged) })
    writeFileSync(program, `#!/bin/sh\necho asked >> "${lab.dir}/asked"\ncat <<'END'\n${answer}\nEND\n`, {
      mode: 0o755,
    })
    lab.write('eosflow.yaml', `version: 1\ninventory: { exec: { own: { command: [${program}] } } }\n`)
    lab.write('inventory.yaml', JSON.stringify({ ...inventory, devices: {}, sources: [{ exec: 'own' }] }))
    const folder = await machine(lab, 'folder')
    await askSources(folder, silentConsole())
    await published(folder)
    const paths = (await showBundle(folder, asking(ANN), undefined)).paths.map(({ path }) => path)
    expect(paths).toEqual(['eosflow.yaml', 'inventory.yaml', FILE])
    const begun = await beginChange({ ...folder, dispatch }, asking(ANN), { prepared: preparedIn(folder, FILE) })
    const id = begun.kind === 'begun' ? begun.state.id : ''
    const worker = await publishedIfAny(await machine(lab, 'worker'))
    const asked = () => lab.read('asked').split('\n').length - 1
    expect(() => worker.project.inventory()).toThrow('it was not asked yet')
    expect([asked(), await whileTimePasses(lab.clock, drive(worker, asking(WORKER), id)), asked()]).toEqual([
      1,
      'rests',
      2,
    ])
    await approved(folder, await readState(folder.store, id))
    expect([await whileTimePasses(lab.clock, drive(worker, asking(WORKER), id)), asked()]).toEqual(['ended', 2])
    expect(where(lab)).toBe('AFTER')
  })

  test('begins lines that were typed, which no bundle has, and a worker without a folder drives them', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = labWith()
    const folder = await machine(lab, 'folder')
    const { bundle } = await published(folder)
    const lines = ['vlan 998', '   name TESTED']
    const { app, prepared } = await keptChange({ ...folder, dispatch }, { lines, target: 'leaf1' })
    const begun = await beginChange(app, asking(ANN), { prepared })
    const id = begun.kind === 'begun' ? begun.state.id : ''
    expect(begun).toMatchObject({ kind: 'begun', state: { bundle, targets: ['leaf1'] } })
    await throughout(lab, folder, id)
    expect(where(lab)).toBe('AFTER')
  })

  test('begins nothing that is not as it is published, nor a saved plan of it, and names file and bundle', async () => {
    const lab = labWith()
    const folder = await machine(lab, 'folder')
    const { bundle } = await published(folder)
    lab.write(FILE, workflowFor('leaf1', { lines: ['vlan 666'] }))
    const request = { prepared: preparedIn(folder, FILE) }
    const at = `(${FILE} of the bundle ${bundle.slice(7, 15)})`
    await expect(beginChange({ ...folder, dispatch }, asking(ANN), request)).rejects.toMatchObject({
      kind: 'stale',
      message: `the workflow or one of its files is not as it is published ${at}`,
    })
    expect(await folder.store.executionIds()).toEqual([])
    await lab.ok('plan', FILE, '-o', 'p.plan')
    const newest = await onPublished(folder)
    const plan = readPlanFile(newest, join(lab.dir, 'p.plan'))
    await expect(savedChange(newest, newest.project, 'p.plan', plan, undefined)).rejects.toMatchObject({
      kind: 'stale',
      message: `${FILE} has changed since the plan was made ${at}`,
    })
  })
})

describe('the name of a worker', () => {
  test.each([
    ['w1', 'worker:w1'],
    ['dc1.example-2', 'worker:dc1.example-2'],
  ])('%s', (name, id) => {
    expect(workerPrincipal(name)).toEqual({ issuer: 'worker', id, kind: 'service', auth: 'os' })
    expect(identityOf(workerPrincipal(name))).toBe(id)
  })

  test('is a word, and without one that of this machine', () => {
    for (const name of ['', 'a b', '-a', 'a:b', 'x'.repeat(65)]) expect(() => workerPrincipal(name)).toThrow('no name')
    expect(workerPrincipal().id).toMatch(/^worker:[A-Za-z0-9]/)
  })
})

describe('what a worker may do is what the requester may', () => {
  test.each(ROWS)('$who may $requester, the worker $worker: $ends', { tags: 'long' }, async ({ by, ends, ...may }) => {
    const { lab, folder, id } = await open({ 'policy.yaml': policyOf(may) }, by)
    const worker = await workerOf(lab)
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
    expect(where(lab)).toBe(ends === 'succeeded' ? 'AFTER' : 'BEFORE')
  })

  test('by itself a worker may do nothing that changes something', async () => {
    const lab = labWith()
    const folder = await machine(lab, 'folder')
    await expect(published(folder, [], WORKER)).rejects.toMatchObject({ kind: 'not-authorised' })
    expect(await folder.store.bundles()).toEqual([])
    await published(folder)
    const { id } = await begun(folder, ANN)
    const waiting = await driven(lab, await workerOf(lab), id)
    const made = await recordedPlan(folder.store, waiting.plan?.ref ?? '')
    const decide = decideAs(folder, asking(WORKER), made, { decision: 'approve', comment: '' })
    await expect(decide).rejects.toMatchObject({ kind: 'not-authorised' })
    expect(await folder.store.approvals(made.digest)).toEqual([])
  })
})
