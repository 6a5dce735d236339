import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { sealOf, statementFor } from '../../src/change/policy/approval.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { linkHash } from '../../src/change/record/seal/chain.ts'
import { openStore } from '../../src/change/record/sqlite/open-store.ts'
import type { ApprovalStatement } from '../../src/model/approval.ts'
import { canonicalJson } from '../../src/model/digest.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { readOrMakeInstallKey } from '../../src/project/system/machine/key-files.ts'
import type { Seams } from '../../src/project/system/process/seams.ts'
import { alterStore } from '../change/record/store-file.ts'
import {
  asJson,
  CONFIRMED_ONCE,
  type Ended,
  type Lab,
  NO_COMMIT,
  openLab,
  seamsOf,
  typed,
  whileTimePasses,
  withAppends,
} from '../lab/lab.ts'
import { ADD_VLAN, leaves, PROJECT_FILES, running, VLAN_TEMPLATE } from './two-leaves.ts'

const WORKFLOW = 'workflows/add-vlan.yaml'
const VLAN = ['-p', 'vlan=120'] as const

/** No switch has seen a commit, and none of our config sessions is left. */
function expectUntouched({ fabric }: Bench) {
  for (const { name, switch: device, counters } of fabric.devices) {
    expect(counters().commits, `${name}: commits`).toEqual(NO_COMMIT)
    expect(
      device.sessions.all().filter(({ state }) => state === 'pending' || state === 'armed'),
      `${name}: sessions`,
    ).toEqual([])
  }
}

function expectRefused(bench: Bench, ended: Ended, code: number, says: RegExp | string) {
  expect(ended.out + ended.err).toMatch(says)
  expect(ended.code).toBe(code)
  expectUntouched(bench)
}

/** A project of one or two switches; for one of its commands something else may be between it and its world. */
interface Bench extends Lab {
  through(seams: (seams: Seams) => Partial<Seams>, ...argv: readonly string[]): Promise<Ended>
}

function startBench(switches: 1 | 2 = 1, files: Readonly<Record<string, string>> = {}): Bench {
  let between: (seams: Seams) => Partial<Seams> = () => ({})
  const lab = openLab({
    switches: leaves(switches),
    ...(PROJECT_FILES.tags === undefined ? {} : { tags: PROJECT_FILES.tags }),
    files: { ...PROJECT_FILES.files, ...files },
    seams: (seams) => ({ ...seams, ...between(seams) }),
  })
  return {
    ...lab,
    through: (seams, ...argv) => {
      between = seams
      return lab.eosflow(...argv)
    },
  }
}

/** A project with a saved plan of a person. */
async function planned(switches: 1 | 2 = 1): Promise<Bench> {
  const bench = startBench(switches)
  await bench.ok('plan', WORKFLOW, ...VLAN, '-o', 'p.plan')
  return bench
}

/** One that a person has approved. */
async function approved(switches: 1 | 2 = 1): Promise<Bench> {
  const bench = await planned(switches)
  await bench.ok('approve p.plan')
  return bench
}

/** What another process does to the store while it bypasses eosflow. */
function sql({ dir }: Bench, ...statements: readonly string[]) {
  const changed = alterStore(join(dir, '.eosflow/store.db'), ...statements)
  expect(changed.filter((rows) => rows > 0)).toHaveLength(statements.length)
}

/** The planning session, opened and aborted: the only request of a plan that may be called a write. */
const WRITES_OF_A_PLAN = 1
const HOUR = 3_600_000
const PLAN_REF = `SELECT body ->> '$.plan' FROM event WHERE body ->> '$.type' = 'PlanMade' ORDER BY pos DESC LIMIT 1`

const REPLACE = `allow: [foreign-removals]
${edited(
  edited(ADD_VLAN, 'mode: merge, template: vlan.j2', "mode: replace, file: 'intended/{{ device.name }}.cfg'"),
  ", vlans-present: { vlans: ['{{ vlan }}'] }",
  '',
).replace(/params:\n(?: {2}.*\n)+/, '')}`

const DECISION = `body ->> '$.type' = 'ApprovalDecided'`

function planIn({ dir }: Bench): Plan {
  return JSON.parse(readFileSync(join(dir, 'p.plan'), 'utf8')) as Plan
}

/** The saved plan with something else in it. */
function editPlan(bench: Bench, edit: (plan: Plan) => object) {
  bench.write('p.plan', JSON.stringify(edit(planIn(bench))))
}

function edited(text: string, from: string, to: string) {
  if (!text.includes(from)) throw new Error(`no ${from} in the text to edit`)
  return text.replace(from, to)
}

/** Another person configures a switch and saves. */
function handEdit({ fabric }: Bench, device: string, ...lines: readonly string[]) {
  fabric.fault({ device, kind: 'hand-edit', lines })
  const { switch: edited } = fabric.device(device)
  edited.config.save(edited.now)
}

/** Does something once, right after the event it waits for is on record and before the next step. */
function onceAfter(
  wanted: (event: JournalEvent) => boolean,
  act: () => unknown,
): (seams: Seams) => Pick<Seams, 'journal'> {
  let done = false
  return withAppends({
    behind: async (written) => {
      if (done || !written.some(wanted)) return
      done = true
      await act()
    },
  })
}

interface Tampering {
  readonly edit: (bench: Bench) => void | Promise<void>
  readonly code: number
  readonly says: RegExp | string
}

const STORE: Readonly<Record<string, Tampering>> = {
  '[F24] an approval made to hold longer': {
    edit: (bench) =>
      sql(
        bench,
        `UPDATE register SET body = json_set(body, '$.statement.expires', '2099-01-01T00:00:00Z') WHERE ${DECISION}`,
      ),
    code: 4,
    says: 'a recorded decision about this plan was altered after it was made',
  },
  'an approval with a fitting hash and no key': {
    edit: (bench) => rewriteLast(bench, (body) => ({ ...body, at: '2099-01-01T00:00:00.000Z' })),
    code: 4,
    says: /record \d+ of the register was altered/,
  },
  'an approval taken away': {
    edit: (bench) => sql(bench, `DELETE FROM register WHERE ${DECISION}`),
    code: 4,
    says: /record \d+ of the register is missing/,
  },
  'a lost head': {
    edit: (bench) => sql(bench, 'DELETE FROM register_head'),
    code: 4,
    says: 'the head of the register is gone',
  },
}

const PLAN_FILE: Readonly<Record<string, Tampering>> = {
  'a line of the change': {
    edit: (bench) =>
      editPlan(bench, (plan) => ({
        ...plan,
        content: { ...plan.content, devices: plan.content.devices.map((one) => ({ ...one, lines: ['vlan 666'] })) },
      })),
    code: 5,
    says: 'does not match its digest',
  },
  'another digest': {
    edit: (bench) => editPlan(bench, (plan) => ({ ...plan, digest: `sha256:${'0'.repeat(64)}` })),
    code: 5,
    says: 'does not match its digest',
  },
}

const SOURCES: Readonly<Record<string, Tampering>> = {
  'the template': {
    edit: (bench) => bench.write('workflows/vlan.j2', edited(VLAN_TEMPLATE, 'name', '   name X-')),
    code: 5,
    says: 'changed since the plan was made',
  },
  'a comment in the template': {
    edit: (bench) => bench.write('workflows/vlan.j2', `{# later #}\n${VLAN_TEMPLATE}`),
    code: 5,
    says: 'changed since the plan was made',
  },
  'the template, so that it no longer renders': {
    edit: (bench) => bench.write('workflows/vlan.j2', `${VLAN_TEMPLATE}{{ nobody }}\n`),
    code: 5,
    says: /vlan\.j2:7:4: .*`nobody`/,
  },
  'the workflow: fewer checks': {
    edit: (bench) => bench.write(WORKFLOW, edited(ADD_VLAN, ", vlans-present: { vlans: ['{{ vlan }}'] }", '')),
    code: 5,
    says: 'changed since the plan was made',
  },
  'the workflow: no approval': {
    edit: (bench) => bench.write(WORKFLOW, edited(ADD_VLAN, '  - approve: { expires: 4h }\n', '')),
    code: 5,
    says: 'changed since the plan was made',
  },
  'the workflow, so that it is none': {
    edit: (bench) => bench.write(WORKFLOW, edited(ADD_VLAN, 'steps:', 'stpes:')),
    code: 5,
    says: /add-vlan\.yaml:8:1: .*stpes/,
  },
  'the inventory: another address': {
    edit: (bench) => bench.write('inventory.yaml', edited(inventoryIn(bench), '127.0.0.1', '127.0.0.2')),
    code: 5,
    says: 'changed since the plan was made',
  },
  'the inventory: a tag that the template asks': {
    edit: (bench) =>
      bench.write('inventory.yaml', inventoryIn(bench).replaceAll('"role":"leaf"', '"role":"leaf","mtu":"9214"')),
    code: 5,
    says: /leaf1: tags\.mtu .*is no longer what the plan was made from/,
  },
}

const SWITCH: Readonly<Record<string, Tampering>> = {
  '[F20] a hand edit beside the change': {
    edit: (bench) => handEdit(bench, 'leaf1', 'interface Ethernet2', 'description HOST_db09'),
    code: 5,
    says: 'leaf1: running-config has changed since the plan was made',
  },
  'the change itself, by hand': {
    edit: (bench) => handEdit(bench, 'leaf1', 'vlan 120', 'name TENANT-A'),
    code: 7,
    says: 'leaf1: running-config has changed since the plan was made',
  },
  'a secret': {
    edit: (bench) => handEdit(bench, 'leaf1', 'snmp-server community 0ther ro'),
    code: 5,
    says: 'leaf1: running-config has changed since the plan was made',
  },
  'a hand edit between open and commit': {
    edit: ({ fabric }) =>
      fabric.fault({
        device: 'leaf1',
        kind: 'hand-edit',
        on: 'session-open',
        lines: ['interface Ethernet2', 'description HOST_db09'],
      }),
    code: 5,
    says: 'leaf1: running-config has changed since the plan was made',
  },
}

function inventoryIn({ dir }: Bench) {
  return readFileSync(join(dir, 'inventory.yaml'), 'utf8')
}

/** Writes the newest record anew with the hash that fits it, as who has the file and not the key can. */
function rewriteLast({ dir }: Bench, edit: (body: JsonObject) => JsonObject) {
  const database = new Database(join(dir, '.eosflow/store.db'))
  try {
    const last = newestOf(database)
    const body = canonicalJson(edit(JSON.parse(last.body) as JsonObject))
    const hash = linkHash({ ...last, covers: JSON.parse(last.covers), body })
    database.exec('DROP TRIGGER register_stands')
    database.prepare('UPDATE register SET body = ?, hash = ? WHERE n = ?').run(body, hash, last.n)
  } finally {
    database.close()
  }
}

const ALL = { ...STORE, ...PLAN_FILE, ...SOURCES, ...SWITCH }
const some = (...names: readonly string[]): readonly (readonly [string, Tampering])[] =>
  Object.entries(ALL).filter(([name]) => names.includes(name.replace(/^\[F\d+\] /, '')))
const STORED: Readonly<Record<string, Tampering>> = {
  'the stored plan': {
    edit: (bench) => sql(bench, `UPDATE blob SET bytes = zeroblob(64) WHERE ref = (${PLAN_REF})`),
    code: 5,
    says: 'the stored plan was altered or is missing',
  },
  'the stored plan, put in place of another': {
    edit: (bench) =>
      sql(
        bench,
        `UPDATE blob SET bytes = (SELECT bytes FROM blob WHERE ref <> (${PLAN_REF})) WHERE ref = (${PLAN_REF})`,
      ),
    code: 5,
    says: 'the stored plan was altered or is missing',
  },
  'the inventory: another TLS mode': {
    edit: (bench) =>
      bench.write('inventory.yaml', edited(inventoryIn(bench), '"port"', '"tls":{"insecure":true},"port"')),
    code: 5,
    says: 'its address in the inventory has changed since the plan was made',
  },
}

const isApproved = (event: JournalEvent) => event.type === 'TaskSucceeded' && event.state === 'Approve'
const isStaged = (event: JournalEvent) =>
  event.type === 'ActFinished' && event.act === 'stage' && event.base !== undefined
const runEdited =
  (when: (event: JournalEvent) => boolean) =>
  async (edit: Tampering['edit']): Promise<readonly [Bench, Ended]> => {
    const bench = await approved()
    return [
      bench,
      await bench.through(
        onceAfter(when, () => edit(bench)),
        'run',
        'p.plan',
      ),
    ]
  }

/** When another process edits, which tamperings it tries then, and how the change ends. */
const MOMENTS: Readonly<
  Record<
    string,
    {
      readonly tries: readonly (readonly [string, Tampering])[]
      readonly ends: (edit: Tampering['edit']) => Promise<readonly [Bench, Ended]>
    }
  >
> = {
  'between `approve` and `run`': {
    tries: Object.entries(ALL),
    ends: async (edit) => {
      const bench = await approved()
      await edit(bench)
      return [bench, await bench.eosflow('run p.plan')]
    },
  },
  'between approval and `resume` of a waiting execution': {
    tries: [
      ...some(
        'an approval made to hold longer',
        'a hand edit beside the change',
        'the template',
        'a comment in the template',
        'the workflow: fewer checks',
      ),
      ...some('the inventory: a tag that the template asks'),
      ...Object.entries(STORED),
    ],
    ends: async (edit) => {
      const bench = startBench()
      await bench.exits(12, 'run', WORKFLOW, ...VLAN, '--detach')
      await bench.ok('approve @latest')
      await edit(bench)
      return [bench, await bench.eosflow('resume')]
    },
  },
  'in a running execution, right after it was approved': {
    tries: some('an approval made to hold longer', 'a hand edit beside the change', 'the template'),
    ends: runEdited(isApproved),
  },
  'in a running execution, when the change is staged': {
    tries: some('an approval made to hold longer'),
    ends: runEdited(isStaged),
  },
}

describe('[G1] another process edits', () => {
  for (const [moment, { tries, ends }] of Object.entries(MOMENTS)) {
    test.each(tries)(`${moment}: %s`, { tags: 'long' }, async (_name, { edit, code, says }) => {
      const [bench, ended] = await ends(edit)
      expectRefused(bench, ended, code, says)
    })
  }

  test('thirty-one times', () => {
    expect(Object.values(MOMENTS).map(({ tries }) => tries.length)).toEqual([18, 9, 3, 1])
  })

  test('nothing, and the plan is run', async () => {
    const bench = await approved()
    await bench.ok('run p.plan')
    expect(bench.commits('leaf1')).toEqual(CONFIRMED_ONCE)
  })

  test('the intended configuration of a replace', async () => {
    const bench = startBench(1, {
      'workflows/replace.yaml': REPLACE,
      'intended/leaf1.cfg': edited(running('leaf1', 1), 'PROD-WEB', 'PROD'),
    })
    await bench.eosflow('plan workflows/replace.yaml -o p.plan')
    await bench.ok('approve p.plan')
    bench.write('intended/leaf1.cfg', edited(running('leaf1', 1), 'PROD-WEB', 'PROD-APP'))
    expectRefused(bench, await bench.eosflow('run p.plan'), 5, /changed since the plan was made/)
  })
})

describe('of two switches', () => {
  const second: Readonly<Record<string, Tampering>> = {
    '[F20] the second was edited by hand': {
      edit: (bench) => handEdit(bench, 'leaf2', 'interface Ethernet2', 'description HOST_db09'),
      code: 5,
      says: 'leaf2: running-config has changed since the plan was made',
    },
    'the second has the change already': {
      edit: (bench) => handEdit(bench, 'leaf2', 'vlan 120', 'name TENANT-A'),
      code: 7,
      says: 'leaf2: running-config has changed since the plan was made',
    },
    'the second has other tags': {
      edit: (bench) =>
        bench.write('inventory.yaml', inventoryIn(bench).replace(/("leaf2".*"role":"leaf")/, '$1,"mtu":"9214"')),
      code: 5,
      says: /leaf2: tags\.mtu .*is no longer what the plan was made from/,
    },
    'the second is under a timer of somebody else': {
      edit: ({ fabric }) => fabric.fault({ device: 'leaf2', kind: 'foreign-timer', seconds: 300, session: 'cvp-1' }),
      code: 9,
      says: 'leaf2: session cvp-1 is under a commit timer',
    },
    'the second does not answer': {
      edit: ({ fabric }) => fabric.fault({ device: 'leaf2', kind: 'unreachable' }),
      code: 10,
      says: 'leaf2',
    },
  }
  test.each(Object.entries(second))(
    '[P18] the first is not touched when %s',
    { tags: 'long' },
    async (_name, { edit, code, says }) => {
      const bench = await approved(2)
      await edit(bench)
      const ended = await bench.eosflow('run p.plan')
      const { sessions } = bench.device('leaf2').switch
      if (sessions.timer !== undefined) {
        sessions.abort('cvp-1', { user: 'cvpadmin', from: 'test' })
        bench.commits('leaf2').timed -= 1
      }
      expectRefused(bench, ended, code, says)
      expect(
        bench.fabric
          .device('leaf1')
          .requests()
          .filter(({ kind }) => kind === 'write').length,
      ).toBe(WRITES_OF_A_PLAN)
    },
  )
})

describe('an approval', () => {
  test('[G48] [F17] is used once: after a rollback the same plan is asked for again', { tags: 'long' }, async () => {
    const bench = await approved()
    bench.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 120'] })
    await bench.exits(6, 'run p.plan')
    const again = await bench.eosflow('run p.plan')
    expect(again.err).toContain('the approval was used by execution ')
    expect(again.code).toBe(12)
    expect(bench.commits('leaf1').timed).toBe(1)
    await bench.ok('approve @latest')
    await bench.ok('resume')
  })

  test('[G48] that has expired is none', async () => {
    const bench = await approved()
    await bench.clock.advance(5 * HOUR)
    expectRefused(bench, await bench.eosflow('run p.plan'), 4, /the approval expired at 2026-\S+Z/)
  })

  test('[G48] [F28] that expires between the timed commit of one switch and the next stops the second', {
    tags: 'long',
  }, async () => {
    const bench = await approved(2)
    let late = 0
    const expiring = onceAfter(
      (event) => event.type === 'ActFinished' && event.act === 'arm',
      () => {
        late = 5 * HOUR
      },
    )
    const ended = await bench.through(
      (seams) => ({
        ...expiring(seams),
        clock: {
          now: () => seams.clock.now() + late,
          monotonic: () => seams.clock.monotonic(),
          sleep: (milliseconds, signal) => seams.clock.sleep(milliseconds, signal),
        },
      }),
      'run',
      'p.plan',
    )
    expect(ended.out).toContain('the approval expired')
    expect(ended.code).toBe(6)
    expect(bench.commits('leaf2').timed).toBe(0)
  })

  test('[G49] does not hold against a rejection, whichever came first', async () => {
    const bench = await approved()
    await bench.ok('reject p.plan')
    expectRefused(bench, await bench.eosflow('run p.plan'), 4, /rejected this plan/)
    const again = await bench.eosflow('approve p.plan')
    expect([again.code, again.err]).toEqual([4, expect.stringContaining('has rejected this plan')])
    expectRefused(bench, await bench.eosflow('run p.plan'), 4, /rejected this plan/)
  })

  test('[G1] of another plan is none', async () => {
    const bench = await approved()
    await bench.eosflow('plan', WORKFLOW, '-p', 'vlan=121', '-o', 'other.plan')
    const waiting = await bench.eosflow('run other.plan')
    expectRefused(bench, waiting, 12, /nobody has approved this plan/)
    const { digest } = planIn(bench)
    expectRefused(
      bench,
      await bench.eosflow(`run other.plan --approve ${digest}`),
      5,
      /the digest [0-9a-f]{8} is that of p\.plan; this plan has sha256:/,
    )
    expectRefused(bench, await bench.eosflow(`approve other.plan --digest ${digest}`), 5, /is that of p\.plan/)
  })

  test('[G49] of a rejected plan cannot be forced with --approve', async () => {
    const bench = await approved()
    await bench.eosflow('reject p.plan')
    const { digest } = planIn(bench)
    expectRefused(bench, await bench.eosflow(`run p.plan --approve ${digest}`), 4, /rejected this plan/)
  })

  test('in the chain but without the key is tampering', async () => {
    const bench = await planned()
    const statement = statementOf(bench)
    const store = await storeOf(bench)
    await store
      .as(MALLORY)
      .append(undefined, [{ type: 'ApprovalDecided', statement, seal: sealOf('another key', statement) }])
    store.close()
    expectRefused(bench, await bench.eosflow('run p.plan'), 4, /a recorded decision .* was altered/)
  })

  test('written behind the head with fitting hashes is tampering', async () => {
    const bench = await planned()
    forge(bench, statementOf(bench))
    expectRefused(bench, await bench.eosflow('run p.plan'), 4, /was not written by eosflow/)
  })

  test('[G1] [G57] by an agent is none', async () => {
    const bench = await planned()
    const { approver, ...rest } = statementOf(bench)
    const statement = { ...rest, approver: { ...approver, kind: 'agent' as const } }
    const store = await storeOf(bench)
    await store
      .as(MALLORY)
      .append(undefined, [{ type: 'ApprovalDecided', statement, seal: sealOf(keyOf(bench), statement) }])
    store.close()
    expectRefused(bench, await bench.eosflow('run p.plan'), 12, /nobody has approved this plan/)
  })

  test('at the terminal is the word yes and nothing else', { tags: 'long' }, async () => {
    for (const answers of [['y'], ['YES'], ['']]) {
      const bench = startBench()
      const typing = { answers, interactive: true, seams: seamsOf(bench) }
      const ended = await whileTimePasses(bench.clock, typed(bench.dir, ['run', WORKFLOW, ...VLAN], typing))
      expectRefused(bench, ended, 4, /not approved at the terminal/)
    }
    const bench = startBench()
    const ended = await bench.agreed('run', WORKFLOW, ...VLAN)
    expect(ended.err).toContain('  + vlan 120\n  +    name TENANT-A\n')
    expect(ended.code).toBe(0)
  })
})

function keyOf({ dir }: Bench) {
  return readOrMakeInstallKey(join(dir, '.eosflow'), {})
}

const MALLORY = { issuer: 'local', id: 'local:1:mallory@host', auth: 'os' } as const

function storeOf(bench: Bench): ReturnType<typeof openStore> {
  const path = join(bench.dir, '.eosflow/store.db')
  return openStore({ path, installKey: keyOf(bench), clock: bench.clock })
}

function statementOf(bench: Bench): ApprovalStatement {
  return statementFor({
    plan: planIn(bench).digest,
    store: 'eosflow.audit/0123456789abcdef',
    decision: 'approve',
    approver: { issuer: 'local', id: 'local:1:mallory@host', kind: 'person', auth: 'os' },
    now: bench.clock.now(),
    validFor: HOUR,
    nonce: 'f0'.repeat(16),
    comment: '',
    policy: null,
  })
}

interface NewestRow {
  readonly n: number
  readonly pos: number
  readonly body: string
  readonly covers: string
  readonly prev: Uint8Array
  readonly hash: Uint8Array
}

/** The newest row of the register. */
function newestOf(database: Database.Database): NewestRow {
  const row = database.prepare<[], NewestRow>('SELECT * FROM register ORDER BY n DESC LIMIT 1').get()
  if (row === undefined) throw new Error('the register is empty')
  return row
}

/** Appends an approval as who knows the format and has no key can: with the hashes of the chain. */
function forge({ dir, clock }: Bench, statement: ApprovalStatement) {
  const database = new Database(join(dir, '.eosflow/store.db'))
  try {
    const last = newestOf(database)
    const [at, actor] = [new Date(clock.now()).toISOString(), MALLORY.id]
    const event = {
      v: 1,
      seq: last.n + 1,
      at,
      actor,
      type: 'ApprovalDecided',
      statement,
      seal: sealOf('guess', statement),
    }
    const body = canonicalJson(asJson(event))
    const n = last.n + 1
    const hash = linkHash({ n, prev: last.hash, covers: [last.pos], body })
    database
      .prepare(
        `INSERT INTO register(n, pos, type, plan, covers, prev, hash, body)
          VALUES (?, (SELECT newest + 1 FROM register_head), 'ApprovalDecided', ?, ?, ?, ?, ?)`,
      )
      .run(n, statement.plan, JSON.stringify([last.pos]), last.hash, hash, body)
  } finally {
    database.close()
  }
}
