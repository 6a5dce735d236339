import { expect, onTestFinished, test, vi } from 'vitest'
import type { App } from '../../src/app/app.ts'
import type { Caller } from '../../src/app/caller.ts'
import { begin } from '../../src/app/execution/begin.ts'
import { drive } from '../../src/app/execution/drive.ts'
import { redrive } from '../../src/app/execution/redrive.ts'
import { requireNothingLive } from '../../src/app/execution/suspending.ts'
import { orProblems } from '../../src/app/input-error.ts'
import { loadWorkflow } from '../../src/app/project/load-workflow.ts'
import { openProject } from '../../src/app/project/project.ts'
import { openProjectFile } from '../../src/app/project/project-store.ts'
import { foldAll } from '../../src/engine/fold.ts'
import type { EventBody } from '../../src/journal/event.ts'
import { prepare } from '../../src/plan/prepare.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'
import { seamsOf, startLab, whileTimePasses } from '../e2e/in-memory.ts'
import { journalled, started } from '../engine/machine.ts'

/** Guards of the life of an execution that could be put wrong one by one while the nearest tests stayed green. */

const ann: Caller = {
  principal: { issuer: 'local', id: 'ann', kind: 'person', auth: 'os' },
  interactive: false,
  stop: new AbortController().signal,
  tell: () => undefined,
  ask: async () => undefined,
}

test('an execution is not said to rest while a switch of it may run its change', () => {
  const session = 'eosflow-00c0ffee-1'
  const staged: EventBody[] = [
    { type: 'ActIntended', device: 'leaf1', act: 'stage', session, checkpoint: 'eosflow-00c0ffee' },
    { type: 'ActFinished', device: 'leaf1', act: 'stage', session, outcome: 'done' },
  ]
  const arming: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'arm', session, seconds: 300 }
  const resting = (...events: EventBody[]) => {
    const state = foldAll('20261120-000000-00c0ffee', journalled(started(['leaf1']), ...events))
    return () => requireNothingLive({ words: () => '' }, state)
  }
  expect(resting(...staged)).not.toThrow()
  expect(resting(...staged, arming)).toThrow(/not at a safe point, and no process runs it: leaf1 not settled/)
})

test('what ended before the store was restored is not started again: what became of it since is on no record', async () => {
  const lab = startLab()
  const host = { env: {}, cwd: lab.dir, scrubber: new Scrubber(), words: () => '', seams: seamsOf(lab) }
  const project = openProject(host, { project: lab.dir })
  const kept = openProjectFile(project, host)
  onTestFinished(() => kept.store.close())
  const app: App = { ...host, ...kept, insecureTls: false, project }
  const workflow = loadWorkflow(project, 'workflow.yaml')
  const prepared = orProblems(prepare({ workflow, given: {}, inventory: project.inventory(), files: project.files }))
  const { id } = await begin(app, ann, { purpose: 'run', prepared })
  await app.journalAs(ann.principal).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
  expect(await whileTimePasses(lab.clock, drive(app, ann, id))).toBe('ended')
  const { seq = 0 } = (await app.store.read(id)).at(-1) ?? {}
  const restored = vi.spyOn(app.store, 'restored')
  restored.mockResolvedValue({ seq: seq + 1 } as never)
  await expect(redrive(app, ann, id)).rejects.toThrow(`${id} ended before the store was restored`)
  restored.mockResolvedValue({ seq: seq - 1 } as never)
  expect((await redrive(app, ann, id).catch((error: Error) => error)) as object).not.toMatchObject({
    message: expect.stringContaining('before the store was restored'),
  })
})
