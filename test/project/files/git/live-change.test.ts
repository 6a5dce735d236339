import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../../../src/change/plan/prepare.ts'
import { planFileText } from '../../../../src/change/plan/stored-plan.ts'
import { silentConsole } from '../../../../src/lab/trial/trial-app.ts'
import { planChange } from '../../../../src/project/execution/begin/begin-change.ts'
import { loadWorkflow } from '../../../../src/project/files/load-workflow.ts'
import { appAt } from '../../../../src/project/history/bundle/read-bundle.ts'
import { openAppIn, openLab, seamsOf, whileTimePasses, workflowFor } from '../../../lab/lab.ts'
import { hasGit, repository } from './repository.ts'

const LOCAL = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } as const

/** A lab whose project is a clone, with the saved plan of a commit. */
async function planned() {
  const lab = openLab()
  const made = repository()
  const commit = made.commit({ 'workflows/leaf.yaml': workflowFor('leaf1') })
  made.push()
  made.clone(lab.dir)
  const caller = { ...silentConsole(), principal: LOCAL }
  const opened = await openAppIn(lab.dir, LOCAL, { seams: seamsOf(lab) })
  const { project } = await appAt(opened.app, commit)
  const prepared = prepare({
    workflow: loadWorkflow(project, 'workflows/leaf.yaml'),
    given: {},
    inventory: project.inventory(),
    files: project.files,
  })
  if (!prepared.ok) throw new Error(prepared.problems[0].message)
  const change = { prepared: prepared.value, skipUnreachable: false }
  const { plan } = await whileTimePasses(lab.clock, planChange(opened.app, caller, change))
  await opened.close()
  expect(plan?.content.workflow.commit).toBe(commit)
  if (plan !== undefined) lab.write('pushed.plan', planFileText(plan))
  return lab
}

describe.runIf(hasGit)('a change of a commit (needs the git command)', () => {
  test.each([
    ['open-journalled', 5, 'BEFORE'],
    ['arm-journalled', 0, 'AFTER'],
  ] as const)(
    'that was killed at %s, and has lost its commit, ends with exit %i',
    { tags: 'long' },
    async (point, exit, where) => {
      const lab = await planned()
      await lab.killAt(point, 'leaf1', 'pushed.plan')
      rmSync(join(lab.dir, '.git'), { recursive: true })
      const { code, out, err } = await lab.resume()
      expect([code, lab.whereIs('leaf1')], out + err).toEqual([exit, where])
      expect(lab.device('leaf1').switch.sessions.timer).toBe(undefined)
    },
  )
})
