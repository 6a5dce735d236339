// @module-tag long

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../src/doors/cli/outcome/exit-code.ts'
import { silentIo } from '../../src/doors/cli/thread/silent-io.ts'
import { openProjectFile } from '../../src/project/app/store/project-store.ts'
import { beginAndRun } from '../../src/project/execution/run/run.ts'
import { openProject } from '../../src/project/files/project.ts'
import type { Seams } from '../../src/project/system/process/seams.ts'
import {
  asking,
  DC1,
  type Ended,
  exits,
  type Lab,
  openLab,
  PEOPLE,
  type Person,
  planAt,
  policyWith,
  preparedIn,
  type Variant,
  withRoles,
  workflowFor,
} from '../lab/lab.ts'
import { table } from '../table.ts'

const LEAF = 'leaf.yaml'
const SPINE = 'spine.yaml'

/** Every decision of this file, so that one that was dropped is missed. */
let decided = 0
let refused = 0
afterAll(() => {
  expect(decided).toBe(101)
  expect(refused).toBe(74)
})

/** A lab with a policy, in which one person after another types. */
interface Office extends Pick<Lab, 'as' | 'requests'> {
  readonly lab: Lab
  policy(variant?: Variant): void
}

function openOffice(seen: (seams: Seams) => void = () => undefined): Office {
  const lab = openLab({
    caller: PEOPLE.alice,
    tags: withRoles,
    policy: policyWith(),
    files: {
      [LEAF]: workflowFor('leaf1', { lines: ['vlan 998', '   name TESTED'] }),
      [SPINE]: workflowFor('spine1'),
      'both.yaml': workflowFor('leaf1 or spine1'),
    },
    seams: (seams) => {
      seen(seams)
      return seams
    },
  })
  const policy = (variant: Variant = {}) => lab.write('policy.yaml', policyWith(variant))
  return { lab, policy, as: lab.as, requests: lab.requests }
}

/** Who types what, under which policy, and how it ends: 4 and 9 are refusals. */
type Row = readonly [name: string, who: Person, code: number, variant?: Variant]

const VARIANTS: Readonly<Record<string, Variant>> = {
  closed: { window: 'closed' },
  short: { window: 'short' },
  frozen: { isFrozen: true },
}

/** Rows in text: a name, who types, the exit code, and the window or the freeze that holds. */
const rowsOf = (text: TemplateStringsArray): readonly Row[] =>
  table(text).map(([name = '', who, code, variant = '']) => [
    name,
    who as Person,
    Number(code),
    VARIANTS[variant] ?? {},
  ])

/** Decides row by row. A refusal has sent nothing to any switch, is on record, and says why. */
async function decideAll(office: Office, rows: readonly Row[], argvOf: (row: Row) => readonly string[]) {
  const found: string[] = []
  for (const row of rows) {
    const [name, who, code, variant] = row
    office.policy(variant)
    const before = office.requests()
    const ended = await office.as(who, ...argvOf(row))
    found.push(`${name}: ${ended.code}`)
    decided += 1
    if (code !== 4 && code !== 9) continue
    refused += 1
    // Whoever goes on with an execution asks three times whether the switch is untouched.
    expect([0, 3], `${name}: requests`).toContain(office.requests() - before)
    expect(ended.err + ended.out, name).toMatch(/✖ (?:not-authorised|not-approved|window-closed): |refused/)
  }
  office.policy()
  expect(found).toEqual(rows.map(([name, , code]) => `${name}: ${code}`))
}

const idOf = ({ out, err }: Ended) => {
  const [, id] = /Execution (\S+):/.exec(out) ?? []
  if (id === undefined) throw new Error(out + err)
  return id
}

/** An execution that waits for approvals of a plan that no other one has. */
const waiting = async (office: Office, device = 'leaf1', who: Person = 'alice') => {
  plans += 1
  office.lab.write(`${device}.yaml`, workflowFor(device, { lines: ['vlan 998', `   name TESTED-${plans}`] }))
  return idOf(await office.as(who, `run ${device}.yaml --detach`))
}
let plans = 0

const DENY_CREATE = '{ id: no-plans, deny: [plan.create], to: ["kind:agent"] }'
const CARELESS =
  '{ id: careless, allow: [execution.start, execution.stop, task.push, task.confirm, task.rollback, plan.approve], to: ["kind:agent"] }'

describe('a policy decides at every entry point', () => {
  test('plan', async () => {
    const office = openOffice()
    const rows: readonly Row[] = [
      ...rowsOf`
      an operator                                          alice       0
      an approver                                          bob         0
      a pipeline                                           ci          0
      an agent                                             bot         0
      an agent for an operator                             botOfAlice  0
      an agent for somebody without a role                 botOfDave   4
      somebody without a role                              dave        4
      the same name at another issuer                      otherAlice  4
      the local user                                       local       4
      whoever may unlock                                   admin       4
      in a closed window, which planning does not ask for  alice       0  closed
      in a freeze                                          alice       0  frozen
`,
      ['an agent where agents are denied', 'bot', 4, { rules: [DENY_CREATE] }],
      ['an operator where agents are denied', 'alice', 0, { rules: [DENY_CREATE] }],
    ]
    await decideAll(office, rows, () => ['plan', LEAF])
    expect((await office.as('alice', 'plan', LEAF)).out).toContain(
      'Policy: leaf demands 1 approval by approver, not from whoever made the plan, at most 1h old\n',
    )
    const offline: readonly Row[] = rowsOf`
      offline, an operator              alice  0
      offline, somebody without a role  dave   4
`
    await decideAll(office, offline, () => ['plan', LEAF, '--offline', DC1])
  })

  test('run', async () => {
    const office = openOffice()
    const rows: readonly Row[] = [
      ...rowsOf`
      an operator waits for the approval            alice       12
      a pipeline                                    ci          12
      an approver                                   bob         4
      somebody without a role                       dave        4
      the same name at another issuer               otherAlice  4
      the local user                                local       4
      an agent                                      bot         4
      an agent for an operator                      botOfAlice  4
      whoever may break the glass and does not      hero        4
      in a closed window                            alice       9  closed
      in a window that ends before the change does  alice       9  short
      in a freeze                                   alice       9  frozen
`,
      ['where a rule denies the start', 'alice', 4, { rules: ['{ id: no, deny: [execution.start], to: [operator] }'] }],
    ]
    await decideAll(office, rows, () => ['run', LEAF, '--detach'])
    const spine: readonly Row[] = rowsOf`
      a spine by an operator  alice  12
      a spine by a pipeline   ci     4
`
    await decideAll(office, spine, () => ['run', SPINE, '--detach'])
    const both: readonly Row[] = [['a leaf and a spine by a pipeline: the strictest', 'ci', 4]]
    await decideAll(office, both, () => ['run', 'both.yaml', '--detach'])
  })

  test('run of a saved plan: what it would change is decided before the first state asks a switch', async () => {
    const office = openOffice()
    const plan = (rules: readonly string[] = []): Promise<Ended> => {
      office.policy({ rules })
      return office.as('alice', 'plan', LEAF, '-o', join(office.lab.dir, 'saved.plan'))
    }
    const noPush = ['{ id: no, deny: [task.push], to: [operator] }']
    const noWayBack = ['{ id: no, deny: [task.rollback], to: [operator] }']
    await plan(noPush)
    const run = () => ['run', 'saved.plan', '--detach']
    await decideAll(office, [['where the push is denied', 'alice', 4, { rules: noPush }]], run)
    await plan([CARELESS])
    await decideAll(
      office,
      [['an agent that a careless rule lets start and push', 'bot', 4, { rules: [CARELESS] }]],
      run,
    )
    await plan(noWayBack)
    const digest = (planAt(office.lab, 'saved.plan') as { digest: string }).digest
    office.policy({ rules: noWayBack })
    await office.as('bob', 'approve', join(office.lab.dir, 'saved.plan'))
    await decideAll(office, [['approved by the caller, who is no approver', 'alice', 4, { rules: noWayBack }]], () => [
      'run',
      'saved.plan',
      '--approve',
      digest,
    ])
    expect(office.lab.commits('leaf1').timed).toBe(0)
  })

  test('[G90] break-glass', async () => {
    const office = openOffice()
    const glass =
      (ticket: string, file = LEAF) =>
      () => ['run', file, '--break-glass', ticket]
    await decideAll(
      office,
      [
        ...rowsOf`
      an operator             alice     4
      an approver             bob       4
      an agent                bot       4
      whose login is too old  lateHero  4
      the local user          local     4
`,
        ['where a rule denies it', 'hero', 4, { rules: ['{ id: no, deny: [breakglass.use], to: [hero] }'] }],
      ],
      glass('INC-1'),
    )
    await decideAll(office, [['without a ticket', 'hero', 4]], glass('it burns'))
    await decideAll(office, [['by a ticket of another form', 'hero', 4]], glass('OPS-1'))
    const emergency: Variant = { window: 'closed', isFrozen: true }
    await decideAll(office, [['in a freeze, without an approval', 'hero', 0, emergency]], glass('INC-4711', SPINE))
    const history = JSON.parse((await office.as('alice', 'history @latest --json')).out) as { type: string }[]
    expect(history.find(({ type }) => type === 'BreakGlassUsed')).toMatchObject({
      reason: 'INC-4711',
      rules: ['emergency'],
      notify: ['secops'],
      reviewWithin: 86_400,
      maxTtl: 3600,
      principal: { id: 'hero' },
    })
    rmSync(join(office.lab.dir, 'policy.yaml'))
    const gone = await office.as('hero', 'run', LEAF, '--break-glass', 'INC-1')
    expect(gone.err).toMatch(/used under a policy[\s\S]*eosflow policy retire --reason/)
    expect(gone.code).toBe(4)
  })

  test('approve and reject', async () => {
    const office = openOffice()
    const id = await waiting(office)
    const rows: readonly Row[] = [
      ...rowsOf`
      an operator                         alice     4
      somebody without a role             dave      4
      the local user                      local     4
      a pipeline                          ci        4
      an agent                            bot       4
      an agent for an approver            botOfBob  4
      an approver whose login is too old  lateBob   4
      whoever may break the glass         hero      4
`,
      ['an agent that a careless rule lets approve', 'bot', 4, { rules: [CARELESS] }],
    ]
    await decideAll(office, rows, () => ['approve', id])
    await decideAll(office, [['an agent rejects for an approver', 'botOfDave', 4]], () => ['reject', id])
    await decideAll(office, [['an approver', 'bob', 0]], () => ['approve', id])
  })

  test('the library: an execution that no command has asked about is refused by its first state', async () => {
    let seams: Seams | undefined
    const office = openOffice((given) => {
      seams = given
    })
    await office.as('alice', 'executions')
    for (const who of ['dave', 'otherAlice', 'local', 'admin', 'botOfDave'] as const) {
      const before = office.requests()
      const io = silentIo(office.lab.dir, seams === undefined ? {} : { seams })
      const project = openProject(io, {})
      const app = { ...io, ...(await openProjectFile(project, io)), insecureTls: false, project }
      const prepared = preparedIn(app, LEAF)
      const state = await beginAndRun(
        app,
        asking(PEOPLE[who]),
        { judged: 'elsewhere', purpose: 'run', prepared },
        { detach: true },
      )
      const events = await app.store.read(state.id)
      await app.store.close()
      decided += 1
      refused += 1
      expect([who, state.outcome, exitCodeOf(state), office.requests() - before]).toEqual([who, 'refused', 4, 0])
      expect(events.find(({ type }) => type === 'AccessDenied')).toMatchObject({
        needs: 'task.snapshot',
        place: 'Snapshot',
        principal: { id: PEOPLE[who].id },
        devices: ['leaf1'],
      })
      expect(events.some(({ type }) => type === 'TaskStarted')).toBe(false)
    }
  })

  test('resume: who goes on with it', async () => {
    const office = openOffice()
    const id = await waiting(office)
    await office.as('bob', `approve ${id}`)
    await decideAll(
      office,
      rowsOf`
      an approver              bob    4
      somebody without a role  dave   4
      an agent                 bot    4
      the local user           local  4
      in a closed window       alice  9  closed
      in a freeze              alice  9  frozen
`,
      () => ['resume', id, '--detach'],
    )
    await decideAll(office, [['a pipeline, with one approval of another', 'ci', 0]], () => ['resume', id])
  })

  test('resume: N of M, by different people, neither the requester nor the runner', async () => {
    const office = openOffice()
    const attempt = async (name: string, approvers: readonly Person[], runner: Person, code: number) => {
      const id = await waiting(office, 'spine1')
      for (const who of approvers) await exits(0, office.as(who, `approve ${id}`))
      const before = office.lab.commits('spine1').timed
      await decideAll(office, [[name, runner, code]], () => ['resume', id, '--detach'])
      expect(office.lab.commits('spine1').timed - before).toBe(code === 0 ? 1 : 0)
      if (code !== 0) await office.as('alice', `stop ${id}`)
    }
    await attempt('one of two', ['bob'], 'alice', 12)
    await attempt('two identities of one person', ['bob', 'bobToo'], 'alice', 12)
    await attempt('one of them runs it', ['bob', 'zoe'], 'zoe', 4)
    await attempt('two people', ['bob', 'carol'], 'alice', 0)
  })

  test('redrive and stop', async () => {
    const office = openOffice()
    const id = await waiting(office)
    await decideAll(
      office,
      rowsOf`
      an approver stops              bob   4
      somebody without a role stops  dave  4
      an agent stops                 bot   4
`,
      () => ['stop', id],
    )
    await exits(0, office.as('alice', `stop ${id}`))
    await decideAll(
      office,
      rowsOf`
      an approver redrives              bob         4
      somebody without a role redrives  dave        4
      an agent redrives                 botOfAlice  4
      an operator in a closed window    alice       9  closed
      an operator in a freeze           alice       9  frozen
      an operator                       alice       12
`,
      () => ['redrive', id, '--detach'],
    )
  })

  test('rollback, drift, and what shows the record', async () => {
    const office = openOffice()
    const id = await waiting(office)
    await office.as('bob', `approve ${id}`)
    await exits(0, office.as('alice', `resume ${id}`))
    await decideAll(
      office,
      rowsOf`
      an approver                         bob    4
      somebody without a role             dave   4
      an agent                            bot    4
      the local user                      local  4
      in a closed window                  alice  9  closed
      an operator waits for the approval  alice  12
`,
      () => ['rollback', id, '--detach'],
    )
    const readers: readonly Row[] = rowsOf`
      an operator              alice  0
      somebody without a role  dave   4
`
    for (const argv of [
      ['drift', '-t', 'leaf1'],
      ['show', id],
      ['history', id],
      ['executions'],
      ['snapshot', 'take', 's', '-t', 'leaf1'],
      ['sessions', 'list', '-t', 'leaf1'],
    ]) {
      await decideAll(office, readers, () => argv)
    }
    for (const argv of [
      ['recover', '--scan', '-t', 'leaf1'],
      ['sessions', 'gc', '-t', 'leaf1'],
    ]) {
      await decideAll(office, [['an operator unlocks', 'alice', 4]], () => argv)
    }
    await decideAll(office, [['whoever may unlock', 'admin', 0]], () => ['sessions', 'gc', '-t', 'leaf1'])
  })

  test('a policy that is not good lets nobody do anything', async () => {
    const office = openOffice()
    const id = await waiting(office)
    for (const argv of [
      ['plan', LEAF],
      ['run', LEAF],
      ['approve', id],
      ['resume', id],
      ['stop', id],
      ['drift'],
      ['show', id],
    ]) {
      office.lab.write('policy.yaml', 'version: 1\nrules: [{ id: a, allow: [task.psh], to: [nobody] }]\n')
      const before = office.requests()
      const ended = await office.as('alice', ...argv)
      expect([argv[0], ended.code, office.requests() - before]).toEqual([argv[0], 3, 0])
      expect(ended.err).toContain('policy.yaml:2:')
    }
  })
})
