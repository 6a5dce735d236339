import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import type { SignedStatement } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'
import { recordsIn } from '../change/record/store-file.ts'
import { everyNthOfLong } from '../extent.ts'
import {
  CONFIRMED_ONCE,
  type Ended,
  exits,
  inProcess,
  type Lab,
  NO_COMMIT,
  openLab,
  planAt,
  SETTINGS,
  typeOn,
  workflowFor,
} from '../lab/lab.ts'

const BOB = 'bob@example.org'
const HOUR = 3_600_000

/** Keys as people have them. */
let keys = ''
beforeAll(() => {
  keys = mkdtempSync(join(tmpdir(), 'eosflow-keys-'))
  for (const [name, ...type] of [
    ['bob', 'ed25519'],
    ['mallory', 'ed25519'],
    ['rsa', 'rsa', '-b', '2048'],
  ] as const) {
    execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, '-f', join(keys, name), '-t', ...type])
  }
})
afterAll(() => rmSync(keys, { recursive: true, force: true }))

const key = (name: string) => join(keys, name)
const publicOf = (name: string) => readFileSync(`${key(name)}.pub`, 'utf8').trim()

interface Place {
  readonly lab: Lab
  readonly plan: Plan
  /** Runs a command as somebody; default: the local user. */
  eosflow(...argv: readonly string[]): Promise<Ended>
  as(who: Principal, ...argv: readonly string[]): Promise<Ended>
  edit(file: string, change: (signed: SignedStatement) => object): void
}

/** A project with a saved plan, whose keys are Bob's two. */
async function place(workflow = workflowFor('leaf1'), policy?: string): Promise<Place> {
  const now: { who?: Principal } = {}
  const lab = openLab({
    workflow,
    seams: (seams) => (now.who === undefined ? seams : { ...seams, principal: now.who }),
  })
  if (policy !== undefined) lab.write('policy.yaml', policy)
  lab.write('trust/allowed_signers', `${BOB} ${publicOf('bob')}\n${BOB} ${publicOf('rsa')}\n`)
  await lab.ok('plan workflow.yaml -o p.plan')
  return {
    lab,
    plan: planAt(lab, 'p.plan') as Plan,
    eosflow: (...argv) => lab.eosflow(...argv),
    as: async (who, ...argv) => {
      now.who = who
      try {
        return await lab.eosflow(...argv)
      } finally {
        delete now.who
      }
    },
    edit: (file, change) => {
      const path = join(lab.dir, file)
      writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as SignedStatement)))
    },
  }
}

/** Everybody may do everything, and a change takes an approval by passkey. */
const ONE_BY_PASSKEY = `version: 1
rules:
  - { id: work, allow: [plan.create, plan.read, plan.approve, execution.read, task.snapshot, task.plan, policy.retire], to: ['kind:person'] }
  - { id: change, allow: [execution.start, task.push, task.confirm, task.rollback], to: ['kind:person'], require: { approvals: { count: 1, proof: [passkey] } } }
`

/** The same, and its approval carries over the names of VLANs. */
const ONE_THAT_CARRIES = ONE_BY_PASSKEY.replace('proof: [passkey]', 'carry: { kinds: [vlan.name] }').replace(
  'task.plan,',
  'task.plan, task.verify,',
)

/** The digest as a decision names it: the plan above it has all of it. */
const shortOf = ({ plan }: Place) => plan.digest.slice('sha256:'.length, 'sha256:'.length + 8)
const commits = ({ lab }: Place): object => lab.commits('leaf1')

describe('an approval from another machine (needs ssh-keygen)', () => {
  test.each(['bob', 'rsa'])(
    'by %s: the plan file is enough to make it, and the change is made',
    { tags: 'long' },
    async (name) => {
      const here = await place()
      const away = mkdtempSync(join(tmpdir(), 'eosflow-away-'))
      writeFileSync(join(away, 'p.plan'), readFileSync(join(here.lab.dir, 'p.plan')))
      writeFileSync(join(away, 'allowed_signers'), readFileSync(join(here.lab.dir, 'trust/allowed_signers')))
      // There the clock is the real one: the plan is not looked at by its time.
      const made = await inProcess(['approve', 'p.plan', '--key', key(name), '-o', 'bob.approval'], away)
      expect(made.stdout).toContain('  + vlan 998\n')
      expect(made.stdout).toMatch(
        new RegExp(`approved ${shortOf(here)} as SHA256:\\S+, into bob\\.approval\\nWhere it is run`),
      )
      expect(made.code).toBe(0)
      const verify = ['approval', 'verify', 'bob.approval', '--plan', 'p.plan', '--trust', 'allowed_signers']
      const verified = await inProcess(verify, away)
      expect(verified.stdout).toMatch(
        /^sha256:\S+\napproved, for one execution, until \S+Z\nby bob@example\.org \(person of ssh, ssh signature\), at \S+Z\n$/,
      )
      expect(verified.code).toBe(0)
      rmSync(away, { recursive: true, force: true })
      await exits(0, here.eosflow('approve p.plan --key', key(name), '-o', 'bob.approval'))
      await exits(0, here.eosflow('run p.plan --approval bob.approval'))
      expect(commits(here)).toEqual(CONFIRMED_ONCE)
    },
  )

  test('that comes with a plan which is made again is taken, and carries', { tags: ['long', 'turn'] }, async () => {
    const here = await place(workflowFor('leaf1'), ONE_THAT_CARRIES)
    await exits(0, here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval'))
    const typed = ['configure', 'vlan 211', 'name HAND', 'end', 'copy running-config startup-config']
    await typeOn(here.lab.device('leaf1'), ...typed)
    expect(decisionsOf(here)).toEqual([])
    const ran = await exits(0, here.eosflow('run p.plan --rebase --approval bob.approval'))
    expect(ran.err).toContain('1 approval carried by change, the workflow (bob@example.org)')
    expect(decisionsOf(here)).toHaveLength(1)
    expect(commits(here)).toEqual(CONFIRMED_ONCE)
  })

  test('is imported once; of a plan that nobody has made here the file is needed', {
    tags: ['long', 'turn'],
  }, async () => {
    const here = await place()
    await here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval')
    for (const argv of [['p.plan'], []]) {
      const ended = await here.eosflow('approve', ...argv, '--import', 'bob.approval')
      expect(ended.out).toMatch(/^approved sha256:\S+ as bob@example\.org, from bob\.approval\n$/)
    }
    expect(decisionsOf(here)).toHaveLength(1)
    statement(here, { plan: `sha256:${'0'.repeat(64)}` })
    const unknown = await here.eosflow('approve --import bob.approval')
    expect(unknown.err).toMatch(/no execution here has the plan sha256:0+/)
    expect(unknown.code).toBe(5)
  })

  test('[U17] is imported with what the plan still needs, and where it does not count by how it is proved', async () => {
    const here = await place(workflowFor('leaf1'), ONE_BY_PASSKEY)
    await here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval')
    const { code, out, err } = await here.eosflow('approve p.plan --import bob.approval')
    expect([code, out.split('\n').slice(1)]).toEqual([
      0,
      ['Not enough yet, others must approve it too: 0 of 1 (1 approval, proved by a passkey)', ''],
    ])
    expect(err).toContain(
      '! this approval does not count for change: it has to be proved by a passkey, and it was proved by an SSH key\n',
    )
    const asked = await here.eosflow('approve p.plan --import bob.approval --json')
    expect(JSON.parse(asked.out)).toMatchObject({ decision: 'approve', approver: BOB, enough: false })
  })

  test('[U17] from before a restore is refused, and nothing goes on record', async () => {
    const here = await place()
    await here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval')
    await exits(0, here.eosflow('store backup copy.db'))
    const restore = ['store', 'restore', 'copy.db', '--reason', 'the disk broke', '--set-aside']
    await exits(0, here.eosflow(...restore))
    const { code, out, err } = await here.eosflow('approve p.plan --import bob.approval')
    expect([code, out]).toEqual([4, ''])
    expect(err).toContain(
      'the decision is not accepted: the approval is from before the store was restored from a backup, 2026-01-05T',
    )
    expect(decisionsOf(here)).toEqual([])
  })

  test('is imported for a waiting execution by its digest alone', { tags: ['long', 'turn'] }, async () => {
    const here = await place()
    await exits(12, here.eosflow('run p.plan'))
    await here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval', '--comment', 'CHG-7')
    await exits(0, here.eosflow('approve --import bob.approval'))
    await exits(0, here.eosflow('resume'))
    expect(commits(here)).toEqual(CONFIRMED_ONCE)
  })

  test('on the record of this machine, signed, without a file', { tags: ['long', 'turn'] }, async () => {
    const here = await place()
    const approved = await here.eosflow('approve p.plan --key', key('bob'))
    expect(approved.out).toContain(`approved ${shortOf(here)} as ${BOB}\n`)
    const [event] = decisionsOf(here)
    expect(event).toMatchObject({
      statement: { v: 3, approver: { issuer: 'ssh', id: BOB } },
      signature: { kind: 'ssh' },
    })
    await exits(0, here.eosflow('run p.plan'))
  })

  test('a rejection comes the same way and is final', { tags: ['long', 'turn'] }, async () => {
    const here = await place()
    await here.eosflow('reject p.plan --key', key('bob'), '-o', 'bob.rejection', '--comment', 'wrong VLAN')
    await exits(3, here.eosflow('approve p.plan --import bob.rejection'))
    await here.lab.clock.advance(24 * HOUR)
    await exits(0, here.eosflow('reject p.plan --import bob.rejection'))
    const ended = await here.eosflow('run p.plan --approve', here.plan.digest)
    expect(ended.out + ended.err).toContain('bob@example.org rejected this plan: wrong VLAN')
    expect(ended.code).toBe(4)
    expect(commits(here)).toEqual(NO_COMMIT)
  })

  test('for two executions is good for two, and not for a third', { tags: ['long', 'turn'] }, async () => {
    const workflow = workflowFor('leaf1', {
      verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable, { vlans-present: { vlans: [997] } }] }',
    })
    const here = await place(workflow)
    await here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval', '--runs', '2')
    await exits(6, here.eosflow('run p.plan --approval bob.approval'))
    await exits(6, here.eosflow('run p.plan --approval bob.approval'))
    const third = await here.eosflow('run p.plan --approval bob.approval')
    expect(third.err).toContain('the approval was used by execution ')
    expect(third.code).toBe(12)
    expect(commits(here)).toEqual({ plain: 0, timed: 2, confirms: 0 })
  })
})

interface Refusal {
  readonly code: 3 | 4 | 5
  readonly says: RegExp | string
  readonly harm: (here: Place) => unknown
}

const statement = (here: Place, change: object) =>
  here.edit('bob.approval', (signed) => ({ ...signed, statement: { ...signed.statement, ...change } }))

const NOT_TAKEN: Readonly<Record<string, Refusal>> = {
  'an approver who was changed': {
    code: 4,
    says: 'is not one over this statement',
    harm: (here) =>
      statement(here, { approver: { issuer: 'ssh', id: 'carol@example.org', kind: 'person', auth: 'ssh' } }),
  },
  'another plan': {
    code: 5,
    says: /the approval is of the plan sha256:0+, and this plan is/,
    harm: (here) => statement(here, { plan: `sha256:${'0'.repeat(64)}` }),
  },
  'a key that nobody trusts': {
    code: 4,
    says: /the key SHA256:\S+ is not among the allowed signers/,
    harm: (here) => here.eosflow('approve p.plan --key', key('mallory'), '-o', 'bob.approval'),
  },
  'a key that is trusted for something else': {
    code: 4,
    says: 'of bob@example.org may not sign for approval@eosflow',
    harm: ({ lab }) => lab.write('trust/allowed_signers', `${BOB} namespaces="git" ${publicOf('bob')}\n`),
  },
  'a key that was not valid when it signed': {
    code: 4,
    says: 'is not valid at that time',
    harm: async ({ lab }) => {
      lab.write('trust/allowed_signers', `${BOB} valid-after="202601050830Z" ${publicOf('bob')}\n`)
      await lab.clock.advance(HOUR)
    },
  },
  'one that has expired': {
    code: 4,
    says: 'the approval expired at 2026-01-05T12:00:00.000Z',
    harm: ({ lab }) => lab.clock.advance(4 * HOUR),
  },
  'a file of keys that is not understood': {
    code: 3,
    says: 'trust/allowed_signers:1:1: "*" is not a name',
    harm: ({ lab }) => lab.write('trust/allowed_signers', `* ${publicOf('bob')}\n`),
  },
  'a file that is none': { code: 3, says: 'bob.approval:1:1', harm: ({ lab }) => lab.write('bob.approval', '{}') },
  'a file of a later version': {
    code: 3,
    says: 'bob.approval:1:12: `version` must be `1`, not 2',
    harm: (here) => here.edit('bob.approval', (signed) => ({ ...signed, version: 2 })),
  },
  'a file with something more in it': {
    code: 3,
    says: /bob\.approval:\S+ .*`force`/,
    harm: (here) => here.edit('bob.approval', (signed) => ({ ...signed, force: true })),
  },
}

describe('an approval file is not taken (needs ssh-keygen)', () => {
  test.each(everyNthOfLong(4, 'files of approval that are not taken', Object.entries(NOT_TAKEN)))(
    'with %s',
    { tags: 'long' },
    async (_name, { code, says, harm }) => {
      const here = await place()
      await here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval')
      await harm(here)
      const ended = await here.eosflow('run p.plan --approval bob.approval')
      expect(ended.out + ended.err).toMatch(says)
      expect(ended.code).toBe(code)
      expect(commits(here)).toEqual(NO_COMMIT)
      expect(decisionsOf(here)).toEqual([])
      const offline = await here.eosflow('approval verify bob.approval --plan p.plan')
      expect(offline.code).toBe(code === 3 ? 3 : 4)
    },
  )

  test('[G57] by an agent, though an installation vouches for it', async () => {
    const here = await place()
    const agent: Principal = { issuer: 'corp', id: 'bot', kind: 'agent', auth: 'oidc' }
    const ended = await here.as(agent, 'approve p.plan -o bot.approval')
    expect(ended.err).toContain('only a person may plan.approve')
    expect(ended.code).toBe(4)
  })

  test('for a workflow, whose plan nobody can have seen', { tags: ['long', 'turn'] }, async () => {
    const here = await place()
    await here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval')
    const ended = await here.eosflow('run workflow.yaml --approval bob.approval')
    expect(ended.err).toContain('a signed approval is for a saved plan, and this is a workflow')
    expect(ended.code).toBe(3)
  })
})

test('what a decision says cannot write to the terminal (needs ssh-keygen)', async () => {
  const here = await place()
  const comment = 'fine\u001b[2K\nNext: eosflow run p.plan'
  await here.eosflow('approve p.plan --key', key('bob'), '-o', 'bob.approval', '--comment', comment)
  const verified = await here.eosflow('approval verify bob.approval --plan p.plan')
  expect(verified.out).toContain('\ncomment: fine\\u{1b}[2K\\u{a}Next: eosflow run p.plan\n')
  await here.eosflow('reject p.plan --key', key('bob'), '--comment', comment)
  const { code, out, err } = await here.eosflow('run p.plan')
  expect(out + err).toContain('rejected this plan: fine\\u{1b}[2K Next: eosflow run p.plan\n')
  expect(out + err + verified.out).not.toContain('\u001b')
  expect(code).toBe(4)
})

describe('an installation vouches for whom it has seen (needs ssh-keygen)', () => {
  const ERIN: Principal = { issuer: 'corp', id: 'erin', kind: 'person', auth: 'oidc', person: 'P5' }
  const DAVE: Principal = { issuer: 'corp', id: 'dave', kind: 'person', auth: 'oidc', person: 'P4' }

  test('elsewhere it is believed by its key in the trust file, and for nothing else', {
    tags: ['long', 'turn'],
  }, async () => {
    const here = await place()
    await exits(0, here.as(ERIN, 'approve p.plan -o erin.approval'))
    const { out: line } = await here.eosflow('approval key')
    expect(line).toMatch(/^eosflow namespaces="server@eosflow" ssh-ed25519 \S+\n$/)
    const verify = ['approval', 'verify', 'erin.approval', '--plan', 'p.plan', '--trust']
    here.lab.write('good', line)
    here.lab.write('bare', line.replace('namespaces="server@eosflow" ', ''))
    here.lab.write('none', '')
    const good = await here.eosflow(...verify, 'good', '--json')
    expect(JSON.parse(good.out)).toMatchObject({ decision: 'approve', signature: 'server', approver: { id: 'erin' } })
    expect((await here.eosflow(...verify, 'bare')).err).toContain('may not sign for server@eosflow')
    await exits(4, here.eosflow(...verify, 'none'))
    const refused = await here.eosflow('run p.plan --approval erin.approval')
    expect([refused.code, refused.err]).toEqual([
      4,
      expect.stringContaining(
        'an installation vouches for people of the identity providers in eosflow.yaml, and not for erin',
      ),
    ])
    here.lab.write('eosflow.yaml', SETTINGS)
    await exits(0, here.as(DAVE, 'run p.plan --approval erin.approval'))
  })

  test('the local user by the seal, which is good where the install key is', async () => {
    const here = await place()
    await exits(0, here.eosflow('approve p.plan -o me.approval'))
    const verified = await here.eosflow('approval verify me.approval --plan p.plan')
    expect(verified.err).toContain('only who has the install key can verify a seal')
    expect(verified.code).toBe(4)
    await exits(0, here.eosflow('run p.plan --approval me.approval'))
  })
})

/** The decisions on record. */
function decisionsOf({ lab, plan }: Place): readonly object[] {
  const records = recordsIn(join(lab.dir, '.eosflow/store.db')).map(
    ({ body }) => JSON.parse(body) as { readonly statement?: { readonly plan: string } },
  )
  return records.filter(({ statement }) => statement?.plan === plan.digest)
}
