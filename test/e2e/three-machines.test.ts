import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planDigest } from '../../src/change/plan/make-plan.ts'
import type { Plan } from '../../src/change/plan/plan.ts'
import { sealPlan } from '../../src/change/plan/seal.ts'
import { signingKeyOf } from '../../src/model/ed25519.ts'
import { exits, type Lab, openLab, planAt, temporaryFolder, WORKFLOW } from '../lab/lab.ts'

const ANN = { issuer: 'local', kind: 'person', auth: 'os' } as const

/** What the machines that plan and run are given. */
const SHARED = { EOSFLOW_KEY: 'the key that the machines share 0001' }

let keys = ''
beforeAll(() => {
  keys = mkdtempSync(join(tmpdir(), 'eosflow-keys-'))
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(keys, 'bob')])
})
afterAll(() => rmSync(keys, { recursive: true, force: true }))

const bobsLine = () =>
  `bob@example.org namespaces="approval@eosflow" ${readFileSync(join(keys, 'bob.pub'), 'utf8').trim()}\n`

/** A project that is checked out on several machines: each has a store, and keys, in a folder by itself. */
function checkedOut(settings = 'version: 1\n', env: Readonly<Record<string, string>> = SHARED) {
  const lab = openLab({ env, workflow: WORKFLOW })
  lab.write('eosflow.yaml', settings)
  lab.write('trust/allowed_signers', bobsLine())
  return lab
}

const on = (lab: Lab, machine: string, ...argv: readonly string[]) =>
  lab.eosflow(`--store ${machine}/store.db`, ...argv)

/** Bob approves on a machine that has the plan file, his key and nothing else. */
async function approvedByBob(lab: Lab) {
  const away = temporaryFolder()
  copyFileSync(join(lab.dir, 'change.plan'), join(away, 'change.plan'))
  const approved = await lab.eosflowIn(away, 'approve change.plan --key', join(keys, 'bob'), '-o', 'bob.approval')
  copyFileSync(join(away, 'bob.approval'), join(lab.dir, 'bob.approval'))
  return approved
}

const commits = ({ fabric }: Lab) =>
  fabric.devices.map(({ counters }) => counters().commits.timed).reduce((sum, one) => sum + one, 0)

const idOf = async (lab: Lab, machine: string) => (await on(lab, machine, 'store', 'id')).out.trim()

const settingsFor = (id: string) => `version: 1\napprovals: { store: ${id} }\n`

describe('a plan that is made on one machine, approved on a second without a project, run on a third (needs ssh-keygen)', () => {
  test('with the shared key and the kept store', async () => {
    const lab = checkedOut()
    lab.write('eosflow.yaml', settingsFor(await idOf(lab, 'kept')))
    await exits(0, on(lab, 'planner', 'plan', 'workflow.yaml', '-o', 'change.plan'))
    const approved = await approvedByBob(lab)
    expect([approved.code, approved.err]).toEqual([0, expect.stringContaining('! seal not checked: it was sealed')])
    const ran = await exits(0, on(lab, 'kept', 'run', 'change.plan', '--approval', 'bob.approval'))
    expect(ran.err).toMatch(/! this store has no record of the plan \S+: it was planned elsewhere/)
    expect(commits(lab)).toBeGreaterThan(0)
    const again = await on(lab, 'kept', 'run', 'change.plan', '--approval', 'bob.approval')
    expect(again.err).not.toContain('no record of the plan')
    expect([again.code, again.err]).toEqual([5, expect.stringContaining('has made this change')])
  })

  test('what a seal says of one plan vouches for no other, and a plan key that was replaced for none', async () => {
    const lab = checkedOut()
    const read = (file: string) => planAt(lab, file) as Plan
    await exits(0, on(lab, 'one', 'plan', 'workflow.yaml', '-o', 'change.plan'))
    const good = read('change.plan')
    // The thief has the plan key and a plan file, and not the install key.
    const seed = lab.read('one/plan.key').split('\n')[0] ?? ''
    const thief = signingKeyOf(Buffer.from(seed, 'hex'))
    const content = { ...good.content, requesters: [{ ...ANN, id: 'local:1:eve@noc1' }] }
    const { seal: _, ...bare } = { ...good, content, digest: planDigest(content) }
    const forged = sealPlan({ key: thief, installKey: 'a guess at the install key 000000001' }, bare)
    for (const seal of [forged, { ...forged, own: good.seal?.own ?? '' }]) {
      lab.write('forged.plan', JSON.stringify({ ...bare, seal }))
      const { code, err } = await on(lab, 'one', 'run', 'forged.plan')
      expect([code, err]).toEqual([5, expect.stringMatching(/another install key|does not match its seal/)])
    }
    await exits(0, on(lab, 'one', 'key', 'rotate', 'plan', '--reason', 'a laptop was lost'))
    const { code, err } = await on(lab, 'one', 'run', 'change.plan')
    expect([code, err]).toEqual([5, expect.stringContaining('sealed by a plan key that was replaced here')])
    expect(commits(lab)).toBe(0)
  })

  test('[S10] from an empty store it is refused by name, and so is an approval there', async () => {
    const lab = checkedOut()
    const kept = await idOf(lab, 'kept')
    lab.write('eosflow.yaml', settingsFor(kept))
    await exits(0, on(lab, 'planner', 'plan', 'workflow.yaml', '-o', 'change.plan'))
    await exits(0, approvedByBob(lab))
    const empty = await idOf(lab, 'empty')
    const says = `the approval is for the store ${kept}, and this is ${empty}`
    const ran = await on(lab, 'empty', 'run', 'change.plan', '--approval', 'bob.approval')
    expect([ran.code, ran.err]).toEqual([4, expect.stringContaining(says)])
    const here = await on(lab, 'empty', 'approve', 'change.plan')
    expect([here.code, here.err]).toEqual([4, expect.stringContaining(says)])
    const byDigest = planAt(lab, 'change.plan') as Plan
    const asked = await on(lab, 'empty', 'run', 'change.plan', '--approve', byDigest.digest)
    expect([asked.code, asked.err]).toEqual([4, expect.stringContaining(says)])
    expect(commits(lab)).toBe(0)
  })

  test('where the policy takes approvals of any store, plan, run and record say that they are not single-use', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = checkedOut()
    lab.write(
      'policy.yaml',
      `version: 1
approvals: anyStore
roles: { all: { members: ['kind:person'] } }
rules:
  - { id: everything, to: [all], allow: [plan.create, plan.read, plan.approve, execution.start, execution.read, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback, audit.read] }
`,
    )
    const planned = await on(lab, 'one', 'plan', 'workflow.yaml', '-o', 'change.plan')
    expect([planned.code, planned.out], planned.err).toEqual([
      0,
      expect.stringContaining('not single-use: the policy takes'),
    ])
    await exits(0, approvedByBob(lab))
    const ran = await exits(0, on(lab, 'other', 'run', 'change.plan', '--approval', 'bob.approval'))
    expect(ran.out).toContain('! its approval is not single-use: the policy takes approvals of any store')
    expect((await on(lab, 'other', 'history', '@latest')).out).toContain(
      'not single-use: the policy takes approvals of any store',
    )
  })

  test('without the shared key it is shown and approved there by its plan key, and not run', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = checkedOut(undefined, {})
    await exits(0, on(lab, 'planner', 'plan', 'workflow.yaml', '-o', 'change.plan'))
    const ran = await on(lab, 'kept', 'run', 'change.plan')
    expect([ran.code, ran.err]).toEqual([5, expect.stringContaining('it was sealed under another install key')])
    const line = (await on(lab, 'planner', 'key', 'show', 'plan')).out
    const says = async (signers: string) => {
      lab.write('trust/allowed_signers', signers)
      const shown = await exits(0, on(lab, 'kept', 'show', 'change.plan'))
      return shown.err
    }
    expect(await says(bobsLine())).toMatch(
      /! seal not checked: it was sealed elsewhere, and .* not among the allowed signers/,
    )
    expect(await says(line.replace('plan@eosflow', 'approval@eosflow'))).toContain('may not sign for plan@eosflow')
    expect(await says(line)).toBe('')
    const away = temporaryFolder()
    copyFileSync(join(lab.dir, 'change.plan'), join(away, 'change.plan'))
    writeFileSync(join(away, 'signers'), line)
    const shown = await lab.eosflowIn(away, 'show change.plan --trust signers')
    expect([shown.code, shown.err]).toEqual([0, ''])
    expect(commits(lab)).toBe(0)
  })
})

test('[G55] the same change by the same requester on the same bases has one digest, whenever it is planned', async () => {
  const lab = checkedOut()
  const digests: string[] = []
  for (const hours of [0, 1, 24 * 40]) {
    await lab.clock.advance(hours * 3_600_000)
    const { out } = await exits(0, on(lab, 'one', 'plan', 'workflow.yaml', '--json'))
    digests.push((JSON.parse(out) as { plan: Plan }).plan.digest)
  }
  expect(digests).toHaveLength(3)
  expect(new Set(digests).size).toBe(1)
})
