import { expect, onTestFinished, test } from 'vitest'
import type { App } from '../../src/app/app.ts'
import { decideAs } from '../../src/app/approval/decide.ts'
import type { Caller } from '../../src/app/caller.ts'
import { begin } from '../../src/app/execution/begin.ts'
import { drive } from '../../src/app/execution/drive.ts'
import { settledPlan } from '../../src/app/execution/settled-plan.ts'
import { orProblems } from '../../src/app/input-error.ts'
import { loadWorkflow } from '../../src/app/project/load-workflow.ts'
import { openProject } from '../../src/app/project/project.ts'
import { openProjectFile } from '../../src/app/project/project-store.ts'
import { foldAll } from '../../src/engine/fold.ts'
import { type Prepared, prepare } from '../../src/plan/prepare.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'
import { type Lab, seamsOf, startLab, whileTimePasses } from '../e2e/in-memory.ts'
import { whereIs } from '../e2e/vlan-change.ts'

const alice: Caller = {
  principal: { issuer: 'local', id: 'alice', kind: 'person', auth: 'os' },
  interactive: false,
  stop: new AbortController().signal,
  tell: () => undefined,
  ask: async () => undefined,
}

/** The application as it is without workers, and the same where workers drive whose death is seen after `ttl` seconds. */
function appsOf(lab: Lab, ttl: number): { readonly before: App; readonly now: App } {
  const host = { env: {}, cwd: lab.dir, scrubber: new Scrubber(), words: () => '', seams: seamsOf(lab) }
  const project = openProject(host, { project: lab.dir })
  const kept = openProjectFile(project, host)
  onTestFinished(() => kept.store.close())
  const before: App = { ...host, ...kept, insecureTls: false, project }
  // Its files are read by a process of its own.
  const again = openProject(host, { project: lab.dir })
  const workers = { ...again.settings.workers, dispatch: 'dbos', ttl } as const
  return { before, now: { ...before, project: { ...again, settings: { ...again.settings, workers } } } }
}

function preparedFor({ project }: App): Prepared {
  const workflow = loadWorkflow(project, 'workflow.yaml')
  return orProblems(prepare({ workflow, given: {}, inventory: project.inventory(), files: project.files }))
}

/** One wave of 20 s, pushed and confirmed in 2 s: with 290 s until somebody else drives and 30 s more than a timer of 5m. */
const TOO_LATE =
  'the commit timer of 5m cannot hold: 20s of verification in 1 wave + 2s to push and confirm it + 4m50s until a worker that died is replaced (`ttl`) + 30s in reserve is 5m42s'

test('a change whose timer does not outlive the death of a worker does not begin', () => {
  const lab = startLab()
  expect(() => preparedFor(appsOf(lab, 290).now)).toThrow(TOO_LATE)
  expect(preparedFor(appsOf(lab, 10).now).digest).toBe(preparedFor(appsOf(lab, 10).before).digest)
})

test('one that has begun before, and is planned now, gets no plan', async () => {
  const lab = startLab()
  const { before, now } = appsOf(lab, 290)
  const { id } = await begin(before, alice, { purpose: 'run', prepared: preparedFor(before) })
  expect(await whileTimePasses(lab.clock, drive(now, alice, id))).toBe('ended')
  const state = foldAll(id, await now.store.read(id))
  expect([state.plan, state.compensation?.error]).toMatchObject([undefined, { kind: 'guard', message: TOO_LATE }])
})

test('one whose plan is approved goes on, and its plan has the digest that it would have without workers', async () => {
  const lab = startLab()
  const { before, now } = appsOf(lab, 290)
  const { id } = await begin(before, alice, { purpose: 'run', prepared: preparedFor(before) })
  expect(await whileTimePasses(lab.clock, drive(before, alice, id))).toBe('rests')
  const plan = await settledPlan(now, foldAll(id, await now.store.read(id)), false)
  if (plan === undefined) throw new Error('there is no plan')
  await decideAs(now, alice, plan, { decision: 'approve', comment: '' })
  expect(await whileTimePasses(lab.clock, drive(now, alice, id))).toBe('ended')
  expect(whereIs(lab.fabric.device('leaf1'))).toBe('AFTER')
})
