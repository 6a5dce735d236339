import { expect, test } from 'vitest'
import type { EosflowProject } from '../../../src/index.ts'
import { inLab } from '../../lab/code.ts'
import { openLab } from '../../lab/lab.ts'

const DENY = `version: 1
roles: { nobody: { members: ['corp:group:nobody'] } }
rules:
  - { id: nobody, to: [nobody], allow: [execution.read] }
`

/** What does something with a project or says something of it. */
type UseCase = Exclude<keyof EosflowProject, 'folder' | 'close' | typeof Symbol.asyncDispose>

/** What each is called with; those that answer under any policy, as the command of the name does, give what they may. */
const CALLS: Readonly<
  Record<
    UseCase,
    (project: EosflowProject, made: { execution: string; digest: string; file: string }) => Promise<unknown>
  >
> = {
  whoami: (project) => project.whoami(),
  inventory: (project) => project.inventory(),
  facts: (project) => project.facts(),
  drift: (project) => project.drift(),
  check: (project) => project.check({ catalog: 'checks.yaml' }),
  snapshot: (project) => project.snapshot(),
  plan: (project) => project.plan({ workflow: 'workflow.yaml' }),
  decide: (project, { execution, digest }) => project.decide({ decision: 'approve', plan: { execution }, digest }),
  importDecision: (project, { file }) =>
    project.importDecision({ decision: 'approve', file: 'bob.approval', plan: { file } }),
  rebase: (project, { file }) => project.rebase({ plan: { file } }),
  redrive: (project, { execution }) => project.redrive(execution),
  rollback: (project, { execution }) => project.rollback(execution),
  start: (project) => project.start({ workflow: 'workflow.yaml' }),
  resume: (project, { execution }) => project.resume(execution),
  follow: async (project, { execution }) => {
    for await (const event of project.follow(execution)) return event
    return undefined
  },
  settled: (project, { execution }) => project.settled(execution),
  stop: (project, { execution }) => project.stop(execution),
  suspend: (project, { execution }) => project.suspend(execution),
  show: (project, { execution }) => project.show(execution),
  history: (project, { execution }) => project.history(execution),
  executions: (project) => project.executions(),
  record: (project, { execution }) => project.record(execution),
  exportRecords: (project) => project.exportRecords({ format: 'jsonl' }),
}

/** What reads files alone, and what says who is calling. */
const ANSWERS: readonly string[] = ['whoami', 'inventory']

/** Of a signed decision its signer is judged, whoever brings it: that it was refused is on record by another type. */
const OF_THE_SIGNER = 'importDecision'

const answerOf = (name: string) => {
  if (ANSWERS.includes(name)) return 'answers'
  return name === OF_THE_SIGNER ? 'not-approved' : 'not-authorised'
}

test('under a policy that lets nobody do anything, each use case is refused, sends nothing and is on record', async () => {
  const lab = openLab({ files: { 'checks.yaml': '- reachable\n' } })
  const project = await lab.code()
  const made = await inLab(
    lab,
    (async () => {
      const { plan, digest } = await project.plan({ workflow: 'workflow.yaml' })
      lab.write('p.plan', JSON.stringify(plan))
      const { execution } = await project.start({ workflow: 'workflow.yaml' })
      await project.settled(execution)
      return { execution, digest, file: 'p.plan' }
    })(),
  )
  await lab.ok('approve p.plan -o bob.approval')
  lab.write('policy.yaml', DENY)
  const names = Object.keys(project).filter((name) => name !== 'folder' && name !== 'close')
  expect(names.toSorted()).toEqual(Object.keys(CALLS).toSorted())
  const before = lab.fabric.devices.map((device) => device.requests().length)
  const found: (readonly [string, string])[] = []
  for (const name of names as UseCase[]) {
    const kind = await inLab(
      lab,
      CALLS[name](project, made).then(
        () => 'answers',
        ({ kind = 'no kind' }: { kind?: string }) => kind,
      ),
    )
    found.push([name, kind])
  }
  expect(found).toEqual(names.map((name) => [name, answerOf(name)]))
  expect(lab.fabric.devices.map((device) => device.requests().length)).toEqual(before)

  lab.write(
    'policy.yaml',
    "version: 1\nrules: [{ id: all, allow: [audit.export, execution.read], to: ['kind:person'] }]\n",
  )
  const records = await inLab(lab, project.exportRecords({ format: 'jsonl' }))
  expect(records.match(/"type":"AccessDenied"/g)).toHaveLength(names.length - ANSWERS.length - 1)
  expect(records.match(/"type":"ApprovalRefused"/g)).toHaveLength(1)
})
