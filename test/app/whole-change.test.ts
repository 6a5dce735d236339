import { expect, test } from 'vitest'
import type { App } from '../../src/app/app.ts'
import { decideAs } from '../../src/app/approval/decide.ts'
import type { Console } from '../../src/app/console.ts'
import { openDeskAs } from '../../src/app/desk.ts'
import { begin, resume } from '../../src/app/execution.ts'
import { orProblems } from '../../src/app/input-error.ts'
import { loadWorkflow } from '../../src/app/load-workflow.ts'
import { openProject } from '../../src/app/project.ts'
import { askToStop, stopped } from '../../src/app/stopping.ts'
import { renderConfig } from '../../src/config/render.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import type { Principal } from '../../src/model/principal.ts'
import { prepare } from '../../src/plan/prepare.ts'
import { readRecordedPlan } from '../../src/plan/recorded-plan.ts'
import { storedPlanText } from '../../src/plan/stored-plan.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'
import { type Lab, seamsOf, startLab, whileTimePasses } from '../e2e/in-memory.ts'

/** A console as a server gives one to a use case: it keeps what is told and what is put on record, and never asks. */
class RequestConsole implements Console {
  readonly env = {}
  readonly cwd: string
  readonly interactive = false
  readonly stop = new AbortController().signal
  readonly scrubber = new Scrubber()
  readonly seams: Console['seams'] & object
  readonly told: string[] = []
  readonly seen: JournalEvent[] = []

  constructor(lab: Lab) {
    this.cwd = lab.dir
    this.seams = seamsOf(lab)
  }

  tell = (text: string): void => void this.told.push(text)
  ask = async (): Promise<undefined> => undefined
  watch = () => ({
    written: (events: readonly JournalEvent[]) => void this.seen.push(...events),
    close: () => undefined,
  })
}

const person = (id: string): Principal => ({ issuer: 'local', id, kind: 'person', auth: 'os' })

/** The application as one person reaches it. */
function appOf(lab: Lab, who: string): App & { readonly console: RequestConsole } {
  const console = new RequestConsole(lab)
  const project = openProject(console, { project: lab.dir })
  return { console, insecureTls: false, project, desk: openDeskAs(person(who), project, console) }
}

const preparedIn = ({ project }: App) =>
  orProblems(
    prepare({
      workflow: loadWorkflow(project, 'workflow.yaml'),
      given: {},
      inventory: project.inventory(),
      files: project.files,
    }),
  )

test('a whole change is driven without a command line: asked for by one, approved by another, taken up by a third', async () => {
  const lab = startLab()
  const alice = appOf(lab, 'alice')
  const begun = await whileTimePasses(
    lab.clock,
    begin(alice, { purpose: 'run', prepared: preparedIn(alice) }, { detach: true }),
  )
  expect(begun).toMatchObject({ status: 'running', outcome: undefined })
  const bob = appOf(lab, 'bob')
  const plan = readRecordedPlan(await storedPlanText(bob.desk.store, begun.plan?.ref ?? ''))
  expect(plan.content.waves).toEqual([['leaf1']])
  expect((await decideAs(bob, plan, { decision: 'approve', comment: 'read it' })).id).toBe('bob')
  const carol = appOf(lab, 'carol')
  const ended = await whileTimePasses(lab.clock, resume(carol, begun.id, { detach: true }))
  expect(ended).toMatchObject({ status: 'ended', outcome: 'succeeded' })
  expect(renderConfig(lab.fabric.device('leaf1').switch.config.running)).toContain('vlan 998')
  const record = await carol.desk.store.read(begun.id)
  expect([...alice.console.seen, ...carol.console.seen]).toEqual(record)
  expect(new Set(record.map(({ actor }) => actor))).toEqual(new Set(['alice', 'carol']))
  for (const { desk } of [alice, bob, carol]) await desk.store.close()
})

test('a change that waits is stopped without a command line, with the reason on record', async () => {
  const lab = startLab()
  const alice = appOf(lab, 'alice')
  const begun = await whileTimePasses(
    lab.clock,
    begin(alice, { purpose: 'run', prepared: preparedIn(alice) }, { detach: true }),
  )
  const asked = await askToStop(alice, [begun.id], 'the window is over')
  const work = stopped(alice, begun, { asked, reason: 'the window is over' }, () => undefined)
  expect(await whileTimePasses(lab.clock, work)).toMatchObject({ status: 'ended', outcome: 'cancelled' })
  expect(lab.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
  await alice.desk.store.close()
})
