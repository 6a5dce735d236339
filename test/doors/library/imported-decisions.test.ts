import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inLab } from '../../lab/code.ts'
import { type Lab, openLab } from '../../lab/lab.ts'
import { faultsBy } from './schemas.ts'

const BOB = 'bob@example.org'
const BY_KEY = `version: 1
roles: { approver: { members: ['ssh:sub:${BOB}'] } }
rules:
  - { id: all, to: ['kind:person'], allow: [plan.create, plan.read, plan.approve, plan.reject, execution.start, execution.read, task.snapshot, task.plan, task.verify, task.confirm, task.rollback, audit.export] }
  - { id: key, to: ['kind:person'], allow: [task.push], require: { approvals: { count: 1, from: [approver], proof: [ssh] } } }
`

/** A project whose plans Bob has to sign, with one that is saved, and his key beside it. */
async function place(policy = BY_KEY) {
  const lab = openLab({ files: { 'policy.yaml': policy } })
  const key = join(lab.dir, '..', `bob-${lab.dir.slice(-6)}`)
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'bob', '-t', 'ed25519', '-f', key])
  mkdirSync(join(lab.dir, 'trust'))
  lab.write('trust/allowed_signers', `${BOB} ${readFileSync(`${key}.pub`, 'utf8')}`)
  await lab.ok('plan workflow.yaml -o p.plan')
  return { lab, project: await lab.code(), key }
}

const signed = (lab: Lab, decision: string, key: string, file: string) =>
  lab.ok(decision, 'p.plan', '--key', key, '-o', file)

test('a decision that was signed elsewhere is taken as the command takes it, and the change is sent', {
  tags: 'long',
}, async () => {
  const { lab, project, key } = await place()
  await signed(lab, 'approve', key, 'bob.approval')
  const plan = { file: 'p.plan' }
  const waits = await inLab(lab, project.start({ plan }))
  await inLab(lab, project.settled(waits.execution))
  const taken = await inLab(lab, project.importDecision({ decision: 'approve', file: 'bob.approval', plan }))
  const { digest } = JSON.parse(lab.read('p.plan')) as { digest: string }
  expect(taken).toEqual({ version: 1, decision: 'approve', plan: digest, approver: BOB, enough: true })
  expect(await faultsBy('decision-result', taken)).toEqual([])
  // Once more it is left as it is; the command says the same.
  expect(await inLab(lab, project.importDecision({ decision: 'approve', file: 'bob.approval', plan }))).toEqual(taken)
  const { out } = await lab.ok('approve p.plan --import bob.approval --json')
  expect(JSON.parse(out)).toEqual(taken)
  await inLab(lab, project.resume(waits.execution))
  expect(await inLab(lab, project.settled(waits.execution))).toMatchObject({ outcome: 'succeeded' })
  expect(lab.whereIs('leaf1')).toBe('AFTER')
  // It is used up.
  await expect(
    inLab(lab, project.importDecision({ decision: 'approve', file: 'bob.approval', plan })),
  ).rejects.toMatchObject({ kind: 'not-approved' })
})

test('where one more has to approve, the document says what is missing, as the command does', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, project, key } = await place(BY_KEY.replace('count: 1,', 'count: 2,'))
  await signed(lab, 'approve', key, 'bob.approval')
  const plan = { file: 'p.plan' }
  const taken = await inLab(lab, project.importDecision({ decision: 'approve', file: 'bob.approval', plan }))
  expect(taken).toMatchObject({ enough: false, missing: [expect.stringMatching(/^1 of 2 /)] })
  expect(await faultsBy('decision-result', taken)).toEqual([])
  const { out } = await lab.ok('approve p.plan --import bob.approval --json')
  expect(JSON.parse(out)).toEqual(taken)
})

test('without a plan it is the one that an execution here has made, and a rejection is final', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, project, key } = await place()
  const started = await inLab(lab, project.start({ workflow: 'workflow.yaml' }))
  const { plan } = await inLab(lab, project.settled(started.execution))
  const away = await lab.ok(`reject ${started.execution} --key`, key, '-o', 'bob.rejection')
  expect(away.out).toContain('bob.rejection')
  const taken = await inLab(lab, project.importDecision({ decision: 'reject', file: 'bob.rejection' }))
  expect(taken).toEqual({ version: 1, decision: 'reject', plan, approver: BOB })
  expect(await faultsBy('decision-result', taken)).toEqual([])
  const digest = plan ?? ''
  await expect(
    inLab(lab, project.decide({ decision: 'approve', plan: { execution: started.execution }, digest })),
  ).rejects.toMatchObject({ kind: 'not-approved' })
})

test('nothing is approved by a file that holds another decision or was altered', async () => {
  const { lab, project, key } = await place()
  await signed(lab, 'approve', key, 'bob.approval')
  await signed(lab, 'reject', key, 'bob.rejection')
  const text = lab.read('bob.approval')
  lab.write('altered.approval', text.replace(/"maxRuns":\s*1\b/, '"maxRuns": 100'))
  const plan = { file: 'p.plan' }
  const take = (request: object) =>
    inLab(lab, project.importDecision({ decision: 'approve', plan, ...request } as never)).catch(
      (error: unknown) => error,
    )
  const refused: readonly (readonly [object, object])[] = [
    [{ file: 'bob.rejection' }, { problems: [{ code: 'other-decision' }] }],
    [{ file: 'bob.approval', decision: 'reject' }, { problems: [{ code: 'other-decision' }] }],
    [{ file: 'altered.approval' }, { kind: 'not-approved' }],
    [{ file: 'nowhere.approval' }, { name: 'InputError' }],
    [{ file: '-' }, { name: 'InputError' }],
    [{ file: 'bob.approval', approver: BOB }, { name: 'InputError' }],
    [{ file: 'bob.approval', decision: 'yes' }, { name: 'InputError' }],
    [{ file: 'bob.approval', plan: { execution: 'none-like-it' } }, { name: 'InputError' }],
  ]
  expect(text).not.toBe(lab.read('altered.approval'))
  for (const [request, error] of refused) expect([request, await take(request)]).toMatchObject([request, error])
  const { execution } = await inLab(lab, project.start({ plan }))
  expect(await inLab(lab, project.settled(execution))).toMatchObject({ exitCode: 12 })
  expect(lab.whereIs('leaf1')).toBe('BEFORE')
})
