import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planDigest } from '../../src/change/plan/make-plan.ts'
import type { Plan } from '../../src/change/plan/plan.ts'
import { sealOf } from '../../src/change/policy/approval.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { openStore } from '../../src/change/record/sqlite/open-store.ts'
import type { SignedStatement } from '../../src/model/approval.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { Principal } from '../../src/model/principal.ts'
import { readOrMakeInstallKey } from '../../src/project/system/machine/key-files.ts'
import { alterStore, recordsIn } from '../change/record/store-file.ts'
import { everyNthOfLong } from '../extent.ts'
import {
  aroundAppends,
  CONFIRMED_ONCE,
  type Ended,
  exits,
  type Lab,
  type LabOptions,
  NO_COMMIT,
  openLab,
  planAt,
  SETTINGS,
  WORKFLOW,
} from '../lab/lab.ts'
import { resealed } from './rolled-out.ts'

const HOUR = 3_600_000
const BOB = 'bob@example.org'
const CAROL = 'carol@example.org'

const person = (id: string, ...groups: readonly string[]): Principal => ({
  issuer: 'corp',
  id,
  kind: 'person',
  auth: 'oidc',
  groups,
  person: id,
})
const ALICE = person('alice', 'netops')
const DAVE = person('dave', 'netops')

const POLICY = `version: 1
roles:
  operator: { members: ['corp:group:netops', 'ssh:sub:${BOB}'] }
  approver: { members: ['ssh:sub:${BOB}', 'ssh:sub:${CAROL}', 'corp:sub:erin'] }
rules:
  - { id: work, to: [operator, approver], allow: [plan.create, plan.read, execution.read, execution.stop, task.snapshot, task.plan, task.verify] }
  - id: change
    to: [operator]
    allow: [execution.start, task.push, task.confirm, task.rollback]
    require: { approvals: { count: 2, from: [approver], notRequester: true, notRunner: true, maxAge: 2h } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject] }
`

/** Keys as people have them: made by ssh-keygen. */
let keys = ''
beforeAll(() => {
  keys = mkdtempSync(join(tmpdir(), 'eosflow-keys-'))
  for (const name of ['bob', 'carol', 'mallory']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(keys, name)])
  }
})
afterAll(() => rmSync(keys, { recursive: true, force: true }))

const publicOf = (name: string) => readFileSync(join(keys, `${name}.pub`), 'utf8').trim()
const trusted = (bob = '') =>
  `${BOB} namespaces="approval@eosflow"${bob} ${publicOf('bob')}\n${CAROL} namespaces="approval@eosflow" ${publicOf('carol')}\n`

/** Where a row does its harm. */
interface Site {
  readonly lab: Lab
  /** Runs a command as somebody. */
  as(who: Principal, ...argv: readonly string[]): Promise<Ended>
  /** Moves the wall clock without any time passing. */
  skew(milliseconds: number): void
  /** Lets time pass that the wall clock does not show. */
  slip(milliseconds: number): void
  plan(): Plan
  approval(name: 'bob' | 'carol'): SignedStatement
  /** Writes to the store with its key, as who has taken over the machine. */
  append(execution: string | undefined, ...events: readonly EventBody[]): Promise<void>
  /** Alters the store without its key. */
  sql(statement: string): void
}

interface Options {
  readonly policy?: string | undefined
  readonly trust?: string
  /** What happens once, when the change is staged and nothing is committed. */
  readonly whenStaged?: (site: Site) => void | Promise<void>
  /** What happens right before an event is written. */
  readonly before?: (site: Site, events: readonly EventBody[]) => void | Promise<void>
  readonly hears?: (answer: { readonly status: number; readonly body: string }) => typeof answer
}

const isStaged = (event: JournalEvent) =>
  event.type === 'ActFinished' && event.act === 'stage' && event.base !== undefined

/** A project with a saved plan of Alice's, and a store to harm. */
async function site({ policy = POLICY, trust = trusted(), whenStaged, before, hears }: Options): Promise<Site> {
  const now = { who: ALICE, skew: 0, slip: 0, done: false }
  const clockOf = (clock: Clock): Clock => ({
    now: () => clock.now() + now.skew,
    monotonic: () => clock.monotonic() + now.slip,
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
  })
  const lab = openLab({
    ...(hears === undefined
      ? {}
      : {
          hears: (_lab: Lab, answer: Parameters<NonNullable<LabOptions['hears']>>[1]) => ({
            ...answer,
            ...hears(answer),
          }),
        }),
    seams: (seams) => ({
      ...seams,
      principal: now.who,
      clock: clockOf(seams.clock),
      journal: aroundAppends({
        before: async (events) => {
          await before?.(here, events)
        },
        behind: async (written) => {
          if (!now.done && written.some(isStaged)) {
            now.done = true
            await whenStaged?.(here)
          }
        },
      }),
    }),
  })
  const here: Site = {
    lab,
    as: async (who, ...argv) => {
      const was = now.who
      now.who = who
      try {
        return await lab.eosflow(...argv)
      } finally {
        now.who = was
      }
    },
    skew: (milliseconds) => {
      now.skew += milliseconds
    },
    slip: (milliseconds) => {
      now.slip += milliseconds
    },
    plan: () => planAt(lab, 'p.plan') as Plan,
    approval: (name) => planAt(lab, `${name}.approval`) as SignedStatement,
    append: async (execution, ...events) => {
      const store = await storeOf(lab)
      await store.as(MALLORY).append(execution, events)
      store.close()
    },
    sql: (statement) => {
      const [changed = 0] = alterStore(join(lab.dir, '.eosflow/store.db'), statement)
      expect(changed).toBeGreaterThan(0)
    },
  }
  lab.write('eosflow.yaml', SETTINGS)
  if (policy !== '') lab.write('policy.yaml', policy)
  lab.write('trust/allowed_signers', trust)
  await exits(0, here.as(ALICE, 'plan workflow.yaml -o p.plan'))
  return here
}

function keyOf({ dir }: Lab) {
  return readOrMakeInstallKey(join(dir, '.eosflow'), {})
}

const MALLORY = { issuer: 'local', id: 'mallory', auth: 'os' } as const

function storeOf(lab: Lab): ReturnType<typeof openStore> {
  return openStore({
    path: join(lab.dir, '.eosflow/store.db'),
    installKey: keyOf(lab),
    clock: lab.clock,
  })
}

async function sign(here: Site, name: 'bob' | 'carol', ...more: readonly string[]) {
  const argv = ['approve', 'p.plan', '--key', join(keys, name), '-o', `${name}.approval`, ...more]
  await exits(0, here.as(DAVE, ...argv))
}

const APPROVALS = ['--approval', 'bob.approval', '--approval', 'carol.approval'] as const

/** The plan, approved by Bob and Carol on their own machines, run by Dave. */
async function run(options: Options): Promise<{ here: Site; ended: Ended }> {
  const here = await site(options)
  await sign(here, 'bob')
  await sign(here, 'carol')
  return { here, ended: await here.as(DAVE, 'run p.plan', ...APPROVALS) }
}

/** Nothing is committed, the session is gone, and the record names the condition. */
async function expectInvalid(here: Site, ended: Ended, { condition, code, says }: Omit<Row, 'options'>) {
  expect(ended.out + ended.err).toMatch(says)
  expect(ended.code).toBe(code)
  for (const { name, switch: device, counters } of here.lab.fabric.devices) {
    expect(counters().commits, `${name}: commits`).toEqual(NO_COMMIT)
    expect(
      device.sessions.all().filter(({ state }) => state === 'pending' || state === 'armed'),
      `${name}: sessions`,
    ).toEqual([])
  }
  const records = recordsIn(join(here.lab.dir, '.eosflow/store.db')).map(({ body }) => JSON.parse(body))
  const conditions = records.flatMap(({ type, condition: found }) => (type === 'ApprovalInvalidated' ? [found] : []))
  expect(conditions).toEqual([condition])
}

interface Row {
  readonly condition: string
  readonly code: 4 | 5
  readonly says: RegExp
  readonly options: Options
}

const DECIDED = `body ->> '$.type' = 'ApprovalDecided'`
const PLAN_REF = `SELECT body ->> '$.plan' FROM event WHERE body ->> '$.type' = 'PlanMade' ORDER BY pos DESC LIMIT 1`

/** What somebody with the install key and without Bob's key puts into the store. */
async function forge(here: Site, name: 'bob' | 'carol', signature: SignedStatement['signature']) {
  const statement = { ...here.approval(name).statement, nonce: 'f'.repeat(32) }
  const seal = sealOf(keyOf(here.lab), statement, signature)
  await here.append(undefined, { type: 'ApprovalDecided', statement, signature, seal })
}

const ROWS: Readonly<Record<string, Row>> = {
  'the record of an approval is altered': {
    condition: 'signature',
    code: 4,
    says: /a recorded decision about this plan was altered/,
    options: {
      whenStaged: ({ sql }) => sql(`UPDATE register SET body = json_set(body, '$.actor', 'somebody') WHERE ${DECIDED}`),
    },
  },
  'an approval whose signature is of another statement': {
    condition: 'signature',
    code: 4,
    says: /the signature of SHA256:\S+ is not one over this statement/,
    options: { whenStaged: (here) => forge(here, 'bob', here.approval('bob').signature) },
  },
  'the stored plan is damaged': {
    condition: 'digest',
    code: 5,
    says: /the stored plan has the digest unreadable, not sha256:/,
    options: { whenStaged: ({ sql }) => sql(`UPDATE blob SET bytes = zeroblob(64) WHERE ref = (${PLAN_REF})`) },
  },
  'the approvals expire': {
    condition: 'time',
    code: 4,
    says: /the approval expired at 2026-01-05T12:00:00\.000Z/,
    options: { whenStaged: ({ skew }) => skew(4 * HOUR) },
  },
  'the approvals are a minute older than the rule allows': {
    condition: 'time',
    code: 4,
    says: /the approval of (?:bob|carol)@example\.org is older than the 7200 s that change allows/,
    options: { whenStaged: ({ skew }) => skew(2 * HOUR + 60_000) },
  },
  'four hours pass that the clock does not show': {
    condition: 'time',
    code: 4,
    says: /expired at 2026-01-05T12:00:00\.000Z, by the time that has passed since it was read; the clock was set back/,
    options: { whenStaged: ({ slip }) => slip(4 * HOUR) },
  },
  'the clock goes back after the record has seen a later time': {
    condition: 'time',
    code: 4,
    says: /expired at \S+; the clock was set back, the newest record is of 2026-01-05T12:30/,
    options: {
      whenStaged: async ({ skew, lab }) => {
        skew(4.5 * HOUR)
        await lab.eosflow('stop nobody')
        await touch(lab, 4.5 * HOUR)
        skew(-4.5 * HOUR)
      },
    },
  },
  'a key is no longer valid': {
    condition: 'authority',
    code: 4,
    says: /the key SHA256:\S+ of bob@example\.org is not valid at that time/,
    options: { trust: 'valid-before', whenStaged: ({ skew }) => skew(HOUR) },
  },
  'the key is taken out of the file, without a policy': {
    condition: 'authority',
    code: 4,
    says: /the key SHA256:\S+ is not among the allowed signers/,
    options: { policy: '', whenStaged: ({ lab }) => lab.write('trust/allowed_signers', '# nobody\n') },
  },
  'the file of the keys is no longer read, without a policy': {
    condition: 'authority',
    code: 4,
    says: /the key SHA256:\S+ is not among the allowed signers/,
    options: { policy: '', whenStaged: ({ lab }) => lab.write('trust/allowed_signers', '* ssh-ed25519 AAAA\n') },
  },
  'somebody rejects the plan': {
    condition: 'rejection',
    code: 4,
    says: /erin rejected this plan: wrong window/,
    options: {
      whenStaged: async ({ as }) => {
        await exits(0, as(person('erin'), 'reject', 'p.plan', '--comment', 'wrong window'))
      },
    },
  },
  'a rejection comes in by a file': {
    condition: 'rejection',
    code: 4,
    says: /bob@example\.org rejected this plan/,
    options: {
      whenStaged: async ({ as }) => {
        const argv = ['reject', 'p.plan', '--key', join(keys, 'bob'), '-o', 'no.rejection']
        await exits(0, as(DAVE, ...argv))
        await exits(0, as(DAVE, 'reject', '--import', 'no.rejection'))
      },
    },
  },
  'another execution uses the approval first': {
    condition: 'uses',
    code: 4,
    says: /the approval was used by execution \d/,
    options: {
      whenStaged: async (here) => {
        const { nonce, plan } = here.approval('bob').statement
        await here.append('20260105-080000-deadbeef', { type: 'ApprovalUsed', nonce, plan })
      },
    },
  },
  'the workflow is edited': {
    condition: 'definition',
    code: 5,
    says: /the workflow or one of its files has changed since the plan was made/,
    options: { whenStaged: ({ lab }) => lab.write('workflow.yaml', `# later\n${WORKFLOW}`) },
  },
  'the workflow is taken away': {
    condition: 'definition',
    code: 5,
    says: /the workflow or one of its files has changed since the plan was made/,
    options: { whenStaged: ({ lab }) => rmSync(join(lab.dir, 'workflow.yaml')) },
  },
  'the policy is edited': {
    condition: 'definition',
    code: 5,
    says: /the policy has changed since the plan was made/,
    options: { whenStaged: ({ lab }) => lab.write('policy.yaml', POLICY.replace('count: 2', 'count: 1')) },
  },
  'the policy is taken away': {
    condition: 'definition',
    code: 5,
    says: /the policy has changed since the plan was made/,
    options: { whenStaged: ({ lab }) => rmSync(join(lab.dir, 'policy.yaml')) },
  },
  'the policy is no longer one': {
    condition: 'definition',
    code: 5,
    says: /the policy has changed since the plan was made/,
    options: { whenStaged: ({ lab }) => lab.write('policy.yaml', 'version: 1\nroels: {}\n') },
  },
  'a key is added to the file, with a policy': {
    condition: 'definition',
    code: 5,
    says: /the policy has changed since the plan was made/,
    options: {
      whenStaged: ({ lab }) =>
        lab.write('trust/allowed_signers', `${trusted()}mallory@example.org ${publicOf('mallory')}\n`),
    },
  },
  'the switch is edited by hand before the change is staged': {
    condition: 'drift',
    code: 5,
    says: /leaf1: running-config has changed since the plan was made/,
    options: {
      before: ({ lab }, events) => {
        if (!events.some((event) => event.type === 'ActIntended' && event.checkpoint !== undefined)) return
        lab.fault({ device: 'leaf1', kind: 'hand-edit', lines: ['interface Ethernet2', 'description HAND'] })
        const { switch: device } = lab.device('leaf1')
        device.config.save(device.now)
      },
    },
  },
  'the switch would make something else of the lines': {
    condition: 'diff',
    code: 5,
    says: /leaf1: the switch would make another change than the approved one/,
    options: {
      hears: (answer) => ({ ...answer, body: answer.body.replaceAll('name TESTED', 'name TESTER') }),
    },
  },
}

/** A record of a later time, as any other command leaves behind. */
async function touch(lab: Lab, later: number) {
  const clock = { ...lab.clock, now: () => lab.clock.now() + later, monotonic: () => 0, sleep: async () => undefined }
  const store = await openStore({
    path: join(lab.dir, '.eosflow/store.db'),
    installKey: keyOf(lab),
    clock,
  })
  await store.as(MALLORY).append(undefined, [{ type: 'StopRequested', stopped: 'nobody', reason: '' }])
  await store.close()
}

describe('[G48] the nine conditions (needs ssh-keygen): each broken alone between approval and commit', () => {
  test.each(everyNthOfLong(2, 'changes between the approval and the commit', Object.entries(ROWS)))(
    '%s',
    { tags: 'long' },
    async (_name, row) => {
      const options = { ...row.options }
      if (options.trust === 'valid-before') options.trust = trusted(',valid-before="202601050830Z"')
      const heard = { on: false }
      const { hears } = options
      const { here, ended } = await run({
        ...options,
        // A plan hears the switch as it is: only the run does not.
        ...(hears === undefined ? {} : { hears: (answer) => (heard.on ? hears(answer) : answer) }),
        before: async (at, events) => {
          heard.on ||= events.some(({ type }) => type === 'PlanMade') && at.lab.fabric.devices.length > 0
          await options.before?.(at, events)
        },
      })
      await expectInvalid(here, ended, row)
    },
  )

  test('all nine are among the rows', () => {
    expect(new Set(Object.values(ROWS).map(({ condition }) => condition))).toEqual(
      new Set(['signature', 'digest', 'time', 'authority', 'rejection', 'uses', 'definition', 'drift', 'diff']),
    )
    expect(Object.keys(ROWS).length).toBeGreaterThanOrEqual(20)
  })

  test('[G60] none broken: the change is made, and each approval is used in the transaction of the first intent', async () => {
    const groups: (readonly string[])[] = []
    const { here, ended } = await run({
      before: (_here, events) => {
        groups.push(events.map(({ type }) => type))
      },
    })
    expect(ended).toMatchObject({ code: 0 })
    expect(here.lab.commits('leaf1')).toEqual(CONFIRMED_ONCE)
    expect(groups.filter((types) => types.includes('ApprovalUsed'))).toEqual([
      ['ApprovalUsed', 'ApprovalUsed', 'ActIntended'],
    ])
  })

  test('[G60] an approval that another execution takes at the very moment of the intent is not had', async () => {
    let done = false
    const { here, ended } = await run({
      before: async (at, events) => {
        if (done || !events.some(({ type }) => type === 'ApprovalUsed')) return
        done = true
        const { nonce, plan } = at.approval('carol').statement
        await at.append('20260105-080000-deadbeef', { type: 'ApprovalUsed', nonce, plan })
      },
    })
    expect(ended.out).toContain('this approval was already used by an execution')
    expect(ended.code).toBe(4)
    expect(here.lab.commits('leaf1').timed).toBe(0)
  })
})

describe('what a plan may not be run with (needs ssh-keygen)', () => {
  test('a plan of other rules for templates', { tags: ['long', 'turn'] }, async () => {
    const here = await site({})
    const plan = here.plan()
    const content = { ...plan.content, tool: { ...plan.content.tool, renderer: 0 } }
    here.lab.write('p.plan', JSON.stringify(resealed(here.lab.dir, { ...plan, content, digest: planDigest(content) })))
    await sign(here, 'bob')
    await sign(here, 'carol')
    const ended = await here.as(DAVE, 'run p.plan', ...APPROVALS)
    const says = /the version of the rules for templates has changed since the plan was made/
    await expectInvalid(here, ended, { condition: 'definition', code: 5, says })
  })
})
