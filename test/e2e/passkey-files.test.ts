import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { approvalChallenge, statementFor } from '../../src/change/policy/approval.ts'
import type { ApprovalStatement, PasskeySignature, SignedStatement } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'
import { everyNthOfLong } from '../extent.ts'
import { type Ended, exits, type Lab, openLab, planAt } from '../lab/lab.ts'
import { virtualPasskey } from '../project/identity/virtual-passkey.ts'

const PASSKEY = virtualPasskey('EdDSA', 'ann')
const SITE = { origin: 'https://noc.example.com', rpId: 'noc.example.com' }
const LINE = `corp:sub:ann origin="${SITE.origin}" ${PASSKEY.credential} ${PASSKEY.key} her laptop\n`

const policyWith = (proof: string) => `version: 1
roles:
  operator: { members: ['corp:sub:olga'] }
  approver: { members: ['corp:sub:ann', 'corp:sub:bob'] }
rules:
  - { id: work, to: [operator, approver], allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan, task.verify] }
  - id: change
    to: [operator]
    allow: [execution.start, task.push, task.confirm, task.rollback]
    require: { approvals: { from: [approver], notRequester: true, proof: [${proof}] } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject] }
`

const person = (id: string): Principal => ({ issuer: 'corp', id, kind: 'person', auth: 'oidc' })

interface Place {
  readonly lab: Lab
  readonly plan: Plan
  as(id: string, ...argv: readonly string[]): Promise<Ended>
  /** An approval of Ann's by her passkey, in a file. */
  approve(file: string, change?: (signed: SignedStatement) => object): void
}

async function place(proof = 'passkey'): Promise<Place> {
  const lab = openLab({ policy: policyWith(proof), files: { 'trust/passkeys': LINE }, caller: person('olga') })
  const as = (id: string, ...argv: readonly string[]): Promise<Ended> => lab.as(person(id), ...argv)
  const planned = await exits(0, as('olga', 'plan', 'workflow.yaml', '-o', 'p.plan'))
  expect(planned.out + planned.err).toContain('change demands 1 approval by approver')
  const plan = planAt(lab, 'p.plan') as Plan
  return {
    lab,
    plan,
    as,
    approve: (file, change = (signed) => signed) => {
      const signed = signedBy(PASSKEY, plan, lab.clock.now())
      const whole = { version: 1, kind: 'eosflow.approval-file', ...change(signed) }
      lab.write(file, JSON.stringify(whole))
    },
  }
}

function signedBy(passkey: typeof PASSKEY, plan: Plan, now: number): SignedStatement & { signature: PasskeySignature } {
  const statement: ApprovalStatement = statementFor({
    plan: plan.digest,
    store: plan.evidence.store ?? '',
    decision: 'approve',
    approver: { issuer: 'corp', id: 'ann', kind: 'person', auth: 'passkey' },
    now,
    validFor: 3_600_000,
    nonce: '00112233445566778899aabbccddeeff',
    comment: 'CHG-1',
    policy: plan.content.policy,
  })
  const { credential, key, answer } = passkey
  const given = answer(approvalChallenge(statement).toString('base64url'), SITE)
  return { statement, signature: { kind: 'webauthn', ...given, credential, key } }
}

const commits = ({ lab }: Place) => lab.commits('leaf1').timed

describe('an approval that a passkey has signed, in a file', () => {
  test('is verified with nothing but files, and is good where the plan is run', async () => {
    const here = await place()
    here.approve('ann.approval')
    const verify = ['approval', 'verify', 'ann.approval', '--plan', 'p.plan'] as const
    for (const trust of [[], ['--trust', 'trust/passkeys']]) {
      const { code, out, err } = await here.as('olga', ...verify, ...trust)
      expect([code, out], err).toEqual([0, expect.stringContaining('by ann (person of corp, passkey signature), at')])
    }
    const json = await here.as('olga', ...verify, '--json')
    expect(JSON.parse(json.out)).toMatchObject({ signature: 'webauthn', approver: { issuer: 'corp', id: 'ann' } })
    await exits(0, here.as('olga', 'run p.plan --approval ann.approval'))
    expect(commits(here)).toBe(1)
  })

  test('whose comment was edited is refused everywhere', { tags: 'long' }, async () => {
    const here = await place()
    here.approve('bad.approval', (one) => ({ ...one, statement: { ...one.statement, comment: '' } }))
    const verified = await here.as('olga', 'approval verify bad.approval --plan p.plan')
    const imported = await here.as('ann', 'approve p.plan --import bad.approval')
    const ran = await here.as('olga', 'run p.plan --approval bad.approval')
    expect([verified.code, imported.code, ran.code]).toEqual([4, 4, 4])
    expect(commits(here)).toBe(0)
  })

  test('with a member that it must not have, or without one, is no approval file', async () => {
    const here = await place()
    here.approve('more.approval', ({ statement, signature }) => ({
      statement,
      signature: { ...signature, counter: 1 },
    }))
    here.approve('less.approval', ({ statement, signature }) => ({
      statement,
      signature: { ...signature, key: undefined },
    }))
    for (const file of ['more.approval', 'less.approval']) {
      await exits(3, here.as('olga', 'run p.plan --approval', file))
    }
  })
})

const UNSIGNABLE = [
  ['number', 2 ** 60, 'cannot be held exactly'],
  ['text', '\ud800', 'half of a surrogate pair'],
] as const

test.each(everyNthOfLong(2, 'names that nobody can sign', UNSIGNABLE))(
  'a file with a %s that no signature can be over is no approval file',
  async (_what, name, says) => {
    const here = await place()
    const proof = { issuer: 'https://idp.example', claims: { sub: 'ann', name }, thumbprint: 'x' }
    here.approve('unsigned.approval', ({ statement }) => ({
      statement,
      signature: { kind: 'server', key: 'AA==', signature: 'AA==', proof },
    }))
    const { code, err } = await here.as('olga', 'run p.plan --approval unsigned.approval')
    expect([code, err]).toEqual([3, expect.stringContaining(says)])
  },
)

describe('a proof that nobody could give', () => {
  const WARNING = 'the rule `change` demands approvals proved by a passkey, which nobody has here'

  test('is warned of, and one that somebody could give is not', { tags: ['long', 'turn'] }, async () => {
    const { lab, as } = await place()
    const warned = async () => (await as('olga', 'validate', 'policy.yaml')).out.includes(WARNING)
    expect(await warned()).toBe(false)
    lab.write('trust/passkeys', '# nobody\n')
    expect(await warned()).toBe(true)
    lab.write('policy.yaml', policyWith('passkey, oidc'))
    expect(await warned()).toBe(false)
    lab.write('policy.yaml', policyWith('ssh'))
    expect((await as('olga', 'validate', 'policy.yaml')).out).toMatch(
      /policy\.yaml:10:\d+: .*proved by an SSH key, which nobody has here/,
    )
  })
})

describe('which proof is demanded', () => {
  test('is said by plan, policy explain, approve and run', { tags: ['long', 'turn'] }, async () => {
    const here = await place('passkey, ssh')
    const asked = ['policy', 'explain', 'task.push', '-t', 'leaf1', '--as', 'corp:sub:olga'] as const
    const explained = await here.as('olga', ...asked)
    const demand =
      'change demands 1 approval by approver, not from whoever made the plan, proved by an SSH key or a passkey'
    expect(explained.out).toContain(demand)
    const approved = await here.as('bob', 'approve p.plan --digest', here.plan.digest)
    expect([approved.code, approved.err]).toEqual([
      0,
      '! this approval does not count for change: it has to be proved by an SSH key or a passkey, and it was proved by a new login at the identity provider\n',
    ])
    const ran = await here.as('olga', 'run p.plan')
    expect([ran.code, ran.out + ran.err]).toEqual([
      12,
      expect.stringContaining(
        'the approval of bob does not count for change: it has to be proved by an SSH key or a passkey, and it was proved by a new login at the identity provider',
      ),
    ])
    expect(commits(here)).toBe(0)
  })
})
