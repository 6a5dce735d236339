import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { App } from '../../src/app/app.ts'
import { decideAs } from '../../src/app/approval/decide.ts'
import type { Caller } from '../../src/app/caller.ts'
import { begin } from '../../src/app/execution/begin.ts'
import { drive } from '../../src/app/execution/drive.ts'
import { askSources } from '../../src/app/inventory/asked-sources.ts'
import type { Denial } from '../../src/app/policy/denial.ts'
import { EosflowError } from '../../src/model/error.ts'
import { readRecordedPlan } from '../../src/plan/recorded-plan.ts'
import { storedPlan } from '../../src/plan/stored-plan.ts'
import { askAnew } from '../../src/server/act/ask-anew.ts'
import { plan } from '../../src/server/act/plan.ts'
import { snapshot } from '../../src/server/act/reading.ts'
import { refuse } from '../../src/server/act/refuse.ts'
import { rehearse } from '../../src/server/act/rehearse.ts'
import { requestApprovalOf } from '../../src/server/act/request-approval.ts'
import { onceTaken, resume, rollback } from '../../src/server/act/resume.ts'
import { stopAll } from '../../src/server/act/stop-all.ts'
import type { ActContext } from '../../src/server/act-context.ts'
import { silentConsole } from '../../src/trial/silent-console.ts'
import { appOf, personNamed, preparedIn } from '../lab/application.ts'
import {
  inventoryOf,
  type Lab,
  openLab,
  PEOPLE,
  policyWith,
  SETTINGS,
  whileTimePasses,
  workflowFor,
} from '../lab/lab.ts'

/** Guards of the acts of a server that could be put wrong one by one while every other test stayed green. */

const ann = personNamed('ann')
const annWith = (tell: Caller['tell']): Caller => ({ ...ann, tell })

/** A desk over a lab, and what its acts leave there. */
async function deskOver(lab: Lab, { isEnding = false } = {}) {
  const app = await appOf(lab)
  const begun: string[] = []
  const denied: (readonly [Denial, number])[] = []
  const failed: string[] = []
  const heeded: Promise<unknown>[] = []
  const context = {
    app,
    runs: {
      requireOpen: () => {
        if (isEnding) throw new EosflowError('busy', 'this server is ending')
      },
      begin: ({ id }: { id: string }) => void begun.push(id),
      heed: (work: Promise<unknown>) => void heeded.push(work),
    },
    denials: {
      put: async (denial: Denial, leftOut: number) => void denied.push([denial, leftOut]),
      close: async () => {},
    },
    requests: { ask: async (_who: unknown, digest: string) => (digest === '' ? 0 : Date.UTC(2026, 0, 6)) },
    following: new AbortController().signal,
    failed: (what: string, error: unknown) => void failed.push(`${what}: ${(error as Error).message}`),
  } as unknown as ActContext
  return { lab, app, context, begun, denied, failed, heeded }
}

async function begunIn(app: App, by = ann): Promise<string> {
  return (await begin(app, by, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })).id
}

test('[P20] a server that is ending puts no plan on record', async () => {
  const ending = await deskOver(openLab(), { isEnding: true })
  const asked = { workflow: 'workflow.yaml', params: {} }
  await expect(plan(ending.context, ann, asked as never)).rejects.toThrow('this server is ending')
  expect([await ending.app.store.executionIds(), ending.begun]).toEqual([[], []])
  const open = await deskOver(openLab())
  const { execution } = (await plan(open.context, ann, asked as never)) as { execution: string }
  expect([await open.app.store.executionIds(), open.begun]).toEqual([[execution], [execution]])
})

test('[P20] nobody is asked to approve a plan that a person has rejected', async () => {
  const { lab, app, context } = await deskOver(openLab())
  const id = await begunIn(app)
  await whileTimePasses(lab.clock, drive(app, ann, id))
  const made = (await app.store.read(id)).find((event) => event.type === 'PlanMade')
  const asked = { plan: made?.digest ?? '', reason: 'tonight' }
  expect(await requestApprovalOf(context, ann, asked)).toEqual({ expires: '2026-01-06T00:00:00.000Z' })
  const read = readRecordedPlan(await storedPlan(app.store, made?.plan ?? ''))
  await decideAs(app, personNamed('bob'), read, { decision: 'reject', comment: '' })
  await expect(requestApprovalOf(context, ann, asked)).rejects.toThrow('a person has rejected this plan')
})

test('what is wrong behind the answer that all are asked to stop is told to the server, not to whoever has asked', async () => {
  const { app, context, failed, heeded } = await deskOver(openLab())
  const id = await begunIn(app)
  const away = annWith(() => {
    vi.spyOn(app.store, 'read').mockRejectedValue(new Error('the store is away'))
  })
  expect(await stopAll(context, away, { reason: 'x' })).toEqual({ asked: [id], refused: [] })
  await Promise.all(heeded)
  expect(failed).toEqual([`stop ${id}: the store is away`])
})

test('the same where the whole of it fails, and before the answer whoever has asked is told', async () => {
  const { app, context, failed, heeded } = await deskOver(openLab())
  const id = await begunIn(app)
  const mute = annWith(() => {
    throw new Error('no log')
  })
  expect(await stopAll(context, mute, { reason: 'x' })).toEqual({ asked: [id], refused: [] })
  await Promise.all(heeded)
  expect(failed).toEqual(['stop-all: no log'])
  vi.spyOn(app.store, 'openExecutions').mockRejectedValue(new Error('the store is away'))
  await expect(stopAll(context, ann, { reason: 'x' })).rejects.toThrow('the store is away')
  expect(failed).toHaveLength(1)
})

test('a denial that the front has come to is put on record as it is decided here, with what it is about', async () => {
  const lab = openLab({ files: { 'policy.yaml': 'version: 1\nrules: []\n' } })
  const { context, denied } = await deskOver(lab)
  const plan = `sha256:${'a'.repeat(64)}`
  await refuse(context, ann, { needs: 'plan.approve', devices: ['leaf1'], plan } as never)
  await refuse(context, ann, { needs: 'plan.read', leftOut: 3 } as never)
  expect(denied).toMatchObject([
    [{ type: 'AccessDenied', needs: 'plan.approve', plan }, 0],
    [{ type: 'AccessDenied', needs: 'plan.read' }, 3],
  ])
  expect(denied[1]?.[0]).not.toHaveProperty('plan')
  await expect(refuse(context, ann, { needs: 'plan.approved' } as never)).rejects.toThrow(
    'there is no scope plan.approved',
  )
})

test('what may be done is no denial, and nothing else than a denial is passed over', async () => {
  const lab = openLab()
  const { context, denied } = await deskOver(lab)
  expect(await refuse(context, ann, { needs: 'plan.read' } as never)).toEqual({})
  expect(denied).toEqual([])
  lab.write('policy.yaml', 'version: 2\n')
  await expect(refuse((await deskOver(lab)).context, ann, { needs: 'plan.read' } as never)).rejects.toThrow()
})

/** A lab with the policy of the table of decisions, and more rules. */
function labWith(policy: Parameters<typeof policyWith>[0]): Lab {
  const lab = openLab()
  const tagged = inventoryOf(lab.fabric).replaceAll(/("(leaf|spine)\d+":\{[^}]*"tags":\{)/g, '$1"role":"$2",')
  lab.write('inventory.yaml', tagged)
  lab.write('eosflow.yaml', SETTINGS)
  lab.write('policy.yaml', policyWith(policy))
  return lab
}
const alice: Caller = { ...ann, principal: PEOPLE.alice }

test('a denial by a window that is closed is one, too', async () => {
  const { context, denied } = await deskOver(labWith({ window: 'closed' }))
  expect(await refuse(context, alice, { needs: 'execution.start', devices: ['leaf1'] } as never)).toEqual({})
  expect(denied).toMatchObject([[{ type: 'AccessDenied', needs: 'execution.start' }, 0]])
})

test('whoever may plan has a plan rehearsed, also one who may read no plans', async () => {
  const { lab, app, context } = await deskOver(labWith({ rules: ['{ id: no, deny: [plan.read], to: [operator] }'] }))
  const id = await begunIn(app, alice)
  await whileTimePasses(lab.clock, drive(app, alice, id))
  const made = (await app.store.read(id)).find((event) => event.type === 'PlanMade')
  const rehearsals = { of: async () => undefined, begin: ({ digest }: { digest: string }) => ({ begun: digest }) }
  const at = { ...context, rehearsals } as unknown as ActContext
  const plan = made?.digest ?? ''
  expect(await rehearse(at, alice, { plan })).toEqual({ begun: plan })
  await expect(rehearse(at, { ...ann, principal: PEOPLE.dave }, { plan })).rejects.toThrow('plan')
})

test('whoever stops all hears of those that may not be stopped, as far as they may read them', async () => {
  const no = (to: string): string => `{ id: no, deny: [execution.stop], to: [${to}], on: { tags: ["role:spine"] } }`
  const unread = '{ id: unread, deny: [execution.read], to: [operator], on: { tags: ["role:spine"] } }'
  for (const rules of [[no('operator')], [no('operator'), unread]]) {
    const lab = labWith({ rules })
    const { app, context, heeded } = await deskOver(lab)
    const leaf = await begunIn(app)
    lab.write('workflow.yaml', workflowFor('spine1'))
    const spine = await begunIn(app)
    const { asked, refused } = (await stopAll(context, alice, { reason: 'x' })) as {
      asked: readonly string[]
      refused: readonly { execution: string }[]
    }
    expect([asked, refused.map(({ execution }) => execution)]).toEqual([[leaf], rules.length === 1 ? [spine] : []])
    await whileTimePasses(lab.clock, Promise.all(heeded))
  }
})

test('an execution that has ended before it could be gone on with is not run', async () => {
  const { lab, app, context, begun } = await deskOver(openLab())
  const id = await begunIn(app)
  const taken = await onceTaken(context, ann, id)
  expect([taken, begun]).toEqual([{ execution: id, outcome: 'taken-up' }, [id]])
  await app.journalAs(ann.principal).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
  await whileTimePasses(lab.clock, drive(app, ann, id))
  expect(await onceTaken(context, ann, id)).toEqual({ execution: id, outcome: 'ended-before' })
  expect(begun).toEqual([id])
})

test('a snapshot says why a switch is missing, and nothing where none is', async () => {
  const { lab, context } = await deskOver(openLab())
  const take = (targets: string) =>
    whileTimePasses(lab.clock, snapshot(context, ann, { targets, name: targets.slice(-5) } as never))
  const whole = await take('leaf1')
  expect(whole).toMatchObject({ version: 1, kind: 'snapshot', devices: ['leaf1'], missing: [] })
  expect(whole).not.toHaveProperty('failure')
  lab.fabric.fault({ kind: 'unreachable', device: 'leaf2' })
  expect(await take('leaf1 or leaf2')).toMatchObject({ missing: ['leaf2'], failure: expect.stringContaining('leaf2') })
})

test('[P20] an execution that waits for an outside system hears it once a person has gone on with it, and no other one does', async () => {
  for (const waits of [true, false]) {
    const { lab, app, context } = await deskOver(openLab())
    const id = await begunIn(app)
    await whileTimePasses(lab.clock, drive(app, ann, id))
    const token = `sha256:${'a'.repeat(64)}`
    if (waits) await app.journalAs(ann.principal).append(id, [{ type: 'TaskSubmitted', path: '', state: 'Ask', token }])
    const heard: unknown[] = []
    const runs = { ...context.runs, begin: (_state: unknown, _caller: Caller, how: unknown) => void heard.push(how) }
    expect(await resume({ ...context, runs } as ActContext, ann, { execution: id } as never)).toMatchObject({
      outcome: 'taken-up',
    })
    expect(heard).toEqual([{ detach: !waits }])
  }
})

test('[P20] of a change that has changed no switch there is nothing to put back, and nothing begins', async () => {
  const { lab, app, context, begun } = await deskOver(openLab())
  const id = await begunIn(app)
  await app.journalAs(ann.principal).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
  await whileTimePasses(lab.clock, drive(app, ann, id))
  expect(await rollback(context, ann, { execution: id } as never)).toEqual({
    execution: id,
    outcome: 'nothing-to-do',
    without: [],
  })
  expect(begun).toEqual([])
})

test('[P20] the sources of an inventory are asked for whoever may do something on a single switch, and for nobody else', async () => {
  const lab = labWith({})
  const fleet = join(lab.dir, 'fleet.json')
  lab.write('fleet.json', JSON.stringify({ version: 1, devices: { leaf1: { host: '127.0.0.1' } } }))
  lab.write('eosflow.yaml', `${SETTINGS}inventory: { exec: { cvp: { command: [/bin/cat, ${fleet}] } } }\n`)
  const { devices: _, ...own } = JSON.parse(inventoryOf(lab.fabric)) as { readonly devices: object }
  lab.write('inventory.yaml', JSON.stringify({ ...own, sources: [{ exec: 'cvp' }] }))
  const { app } = await deskOver(lab)
  await askSources(app, silentConsole())
  expect(app.project.inventory().devices.map(({ name }) => name)).toEqual(['leaf1'])
  rmSync(fleet)
  await expect(askAnew(app, alice)).rejects.toThrow('exec cvp')
  await askAnew(app, personNamed('nobody'))
})
