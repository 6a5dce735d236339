import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Principal } from '../../../src/model/principal.ts'
import { executionViewSchema } from '../../../src/report/view/execution-view.ts'
import { exits, json, type Lab, newest, openLab, prints, shows, warns } from '../../lab/lab.ts'

const text = z.string()
const count = z.int().nonnegative()
const time = z.iso.datetime()
const place = { path: text, state: text }

/** What `show ID --at SEQ --json` prints, version 1. */
const Standing = z.strictObject({
  version: z.literal(1),
  kind: z.literal('standing'),
  id: text,
  workflow: text,
  seq: z.int().positive(),
  at: time,
  status: z.enum(['running', 'compensating', 'ended']),
  outcome: text.nullable(),
  error: z.looseObject({ kind: text, message: text }).nullable(),
  scopes: z.array(
    z.strictObject({
      path: text,
      state: text.nullable(),
      kind: text.nullable(),
      phase: z.enum(['fresh', 'entered', 'scheduled', 'started', 'waiting', 'succeeded', 'faulted', 'backoff', 'left']),
      result: z.enum(['open', 'done', 'failed', 'aborted']),
      attempt: count,
      since: time.nullable(),
      variables: z.record(text, z.json()),
      spent: z.array(count).optional(),
      until: time.optional(),
      deadline: time.optional(),
      items: z.strictObject({ count, begun: count, ended: count, failed: count }).optional(),
      error: z.strictObject({ Error: text.nullable().optional(), Cause: text.nullable() }).optional(),
    }),
  ),
  devices: z.array(z.strictObject({ name: text, phase: text, reached: text, end: text })),
  waitingFor: z.array(
    z.discriminatedUnion('waitsFor', [
      z.strictObject({ ...place, waitsFor: z.literal('approval') }),
      z.strictObject({ ...place, waitsFor: z.literal('signal'), token: text }),
    ]),
  ),
  next: z.array(
    z.strictObject({
      effect: z.enum(['record', 'evaluate', 'task', 'end', 'wake', 'listen', 'undo', 'network', 'takeBack']),
      path: text.optional(),
      state: text.optional(),
      devices: z.array(text).optional(),
      until: time.optional(),
      says: text.min(1),
    }),
  ),
})

interface Entry {
  readonly seq: number
  readonly type: string
  readonly state?: string
  readonly device?: string
}

async function history(lab: Lab): Promise<readonly Entry[]> {
  return await json(lab.eosflow('history @latest --json'))
}

/** How the newest execution stood at the first record that matches. */
async function standingAt(lab: Lab, matches: (record: Entry) => boolean): Promise<z.infer<typeof Standing>> {
  const seq = (await history(lab)).find(matches)?.seq
  return Standing.parse(await json(lab.ok('show @latest --at', String(seq), '--json')))
}

describe('show --at', () => {
  test('a record while a switch holds the change: its scopes, its switches, what comes next', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ targets: 'leaf1 or leaf3' })
    await exits(0, lab.change())
    const standing = await standingAt(lab, ({ type, state }) => type === 'TaskStarted' && state === 'Verify')
    expect(standing).toMatchObject({ status: 'running', outcome: null, error: null, waitingFor: [] })
    expect(standing.scopes.map(({ path, state, kind, phase, result }) => [path, state, kind, phase, result])).toEqual([
      ['', 'RollOutWaves', 'Map', 'started', 'open'],
      ['RollOutWaves[0]', 'RollOutWave', 'Map', 'started', 'open'],
      ['RollOutWaves[0].RollOutWave[0]', 'Verify', 'Task', 'started', 'open'],
    ])
    expect(standing.scopes[0]?.items).toEqual({ count: 2, begun: 1, ended: 0, failed: 0 })
    expect(standing.devices).toEqual([
      { name: 'leaf1', phase: 'armed', reached: 'arm', end: 'unknown' },
      { name: 'leaf3', phase: 'untouched', reached: 'nothing', end: 'untouched' },
    ])
    expect(standing.next).toEqual([
      {
        effect: 'task',
        path: 'RollOutWaves[0].RollOutWave[0]',
        state: 'Verify',
        devices: ['leaf1'],
        says: 'begun and not known to be done: task verify of Verify in RollOutWaves[0].RollOutWave[0] on leaf1, attempt 1',
      },
    ])
  })

  test('the same for a person', async () => {
    const lab = openLab()
    await exits(0, lab.change())
    const seq = (await history(lab)).find(({ type, state }) => type === 'TaskStarted' && state === 'Verify')?.seq
    await prints(
      0,
      lab.eosflow('show @latest --at', String(seq)),
      new RegExp(`^\\S+ at record ${seq}, 2026-01-05T08:00:00.000Z: running\n`),
      /^\(root\) +RollOutWaves +started +open +1 +2026-01-05T08:00:00\.000Z {2}0 of 1 done, 0 failed$/m,
      /^RollOutWaves\[0\]\.RollOutWave\[0\] +Verify +started +open +1 /m,
      /^leaf1 +armed +arm +unknown$/m,
      'What would happen next:\n  begun and not known to be done: task verify of Verify',
      /\n3 scopes, 1 switch, 1 next step\nNext: eosflow history \S+\n$/,
    )
  })

  test('a record while it is put back', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, lab.change())
    const standing = await standingAt(lab, ({ type }) => type === 'CompensationStarted')
    expect(standing).toMatchObject({ status: 'compensating', error: { kind: 'verification' } })
    expect(standing.scopes.map(({ result }) => result)).toEqual(['failed', 'failed', 'failed'])
    expect(standing.scopes[2]?.error).toMatchObject({ Error: 'eosflow.verification' })
    expect(standing.next).toEqual([{ effect: 'undo', devices: ['leaf1'], says: 'leaf1 is put back' }])
  })

  test('a record at which it waits for an approval, and the last one', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await lab.eosflow('run workflow.yaml --detach')
    const waiting = await standingAt(lab, ({ type }) => type === 'TaskWaiting')
    expect(waiting.waitingFor).toEqual([{ path: '', state: 'Approve', waitsFor: 'approval' }])
    expect(waiting.next).toEqual([])
    await lab.eosflow('stop @latest')
    const last = await standingAt(lab, ({ type }) => type === 'ExecutionEnded')
    expect(last).toMatchObject({ status: 'ended', outcome: 'cancelled', next: [] })
  })

  test('each record of an execution can be shown', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await lab.change()
    const records = await history(lab)
    expect(records.length).toBeGreaterThan(40)
    for (const { seq } of records) {
      expect(Standing.parse(await json(lab.ok('show @latest --at', String(seq), '--json'))).seq).toEqual(seq)
    }
  })

  test.each(['0', '100000', 'soon', '-1', '1.5'])(
    'record %s is refused, with the range',
    { tags: 'long' },
    async (word) => {
      const lab = openLab()
      await lab.eosflow('run workflow.yaml --detach')
      const records = await history(lab)
      await warns(
        3,
        lab.eosflow(`show @latest --at=${word}`),
        `has records from ${records[0]?.seq} to ${records.at(-1)?.seq}`,
      )
    },
  )
})

const IDS: Readonly<Record<string, string>> = {
  alice: 'local:1000:alice@noc1',
  rita: 'local:1001:rita@noc1',
  bob: 'local:1002:bob@noc1',
}
const person = (name: string): Principal => ({ issuer: 'local', id: IDS[name] ?? name, kind: 'person', auth: 'os' })
const POLICY = `version: 1
roles: { operator: { members: ["local:1000:alice@noc1"] }, reader: { members: ["local:1001:rita@noc1"] }, approver: { members: ["local:1002:bob@noc1"] } }
rules:
  - { id: all, allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan], to: [operator] }
  - { id: read, allow: [execution.read], to: [reader, approver] }
  - { id: approve, allow: [plan.approve], to: [approver] }
`

test('show gives the plan of an execution to whoever may see plans, and to whoever may read executions the execution alone', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({ caller: person('alice'), files: { 'policy.yaml': POLICY } })
  await lab.ok('plan workflow.yaml')
  const shown = async (id: string, ...more: readonly string[]) => {
    lab.caller = person(id)
    const { code, out, err } = await lab.eosflow('show', await newest(lab), ...more)
    return [id, code, (out + err).includes('vlan 998'), (out + err).includes('does not let you see the plan sha256:')]
  }
  expect(await shown('alice')).toEqual(['alice', 0, true, false])
  expect(await shown('bob')).toEqual(['bob', 0, true, false])
  expect(await shown('rita')).toEqual(['rita', 0, false, true])
  expect(await shown('rita', '--json')).toEqual(['rita', 0, false, false])
  expect(await shown('alice', '--html', '-')).toEqual(['alice', 0, true, false])
  expect(await shown('rita', '--html', '-')).toEqual(['rita', 4, false, false])
})

describe('--markdown of plan and show', () => {
  test('of an execution is its report with the plan, and nothing else', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await exits(0, lab.change())
    const { out } = await prints(
      0,
      lab.eosflow('show @latest --markdown'),
      /^### /,
      '\n| leaf1 | 1 | confirmed |',
      /\n### eosflow plan: .*\n\nPlan: 1 switch to change/,
    )
    expect(out).not.toContain('Next: ')
    const within = await lab.eosflow('show @latest --markdown --max-bytes 60000')
    expect(within.out).toBe(out)
  })

  test('with a length that means nothing is refused before a switch is asked', async () => {
    const lab = openLab()
    await exits(0, lab.change())
    const before = lab.requests()
    for (const [flags, message] of [
      ['--max-bytes 60000', 'is the length of what --markdown prints'],
      ['--markdown --json --max-bytes 60000', 'is the length of what --markdown prints'],
      ['--markdown --max-bytes 8191', '`8191` is no length: a whole number, at least 8192'],
      ['--markdown --max-bytes 9e9', '`9e9` is no length'],
    ] as const)
      for (const command of ['plan workflow.yaml', 'show @latest'])
        await shows(3, lab.eosflow(`${command} ${flags}`), message)
    expect(lab.requests()).toBe(before)
  })
})

test('show says the sentence of the view first, and --json of every command holds the same view', async () => {
  const lab = openLab()
  lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
  await exits(6, lab.change())
  const shown = await json(lab.eosflow('show @latest --json'))
  const view = executionViewSchema.parse(shown.view)
  expect(view.headline).toBe('leaf1 was not good after the commit, so everything was put back')
  expect([view.outcome, shown.outcome]).toEqual(['rolled-back', 'rolled-back'])
  expect(view.approvals.map(({ decision, isUsed }) => [decision, isUsed])).toEqual([['approve', true]])
  await prints(0, lab.eosflow('show @latest'), `\n${view.headline}.\n${view.unattended}\n`)
  const lines = (await lab.eosflow('watch @latest --json')).out.trimEnd().split('\n')
  const last = JSON.parse(lines.at(-1) ?? '')
  expect({ ...last.view, asOf: '' }).toEqual({ ...view, asOf: '' })
})

test('of one that waits, the view says what somebody has to do', async () => {
  const lab = openLab()
  await lab.exits(12, 'run workflow.yaml --detach')
  const shown = await json(lab.eosflow('show @latest --json'))
  const { needs, mark, isRunning } = executionViewSchema.parse(shown.view)
  expect(needs.map(({ act, devices }) => [act, devices])).toEqual([['approve', ['leaf1']]])
  expect([mark.word, isRunning]).toEqual(['Waits for approval', false])
})

/** The change of one VLAN, begun when an owner has answered. */
const ASKED = readFileSync(new URL('../../e2e/asked-owner.yaml', import.meta.url), 'utf8')

/** A change that waits for its owner, with nobody attending. */
async function waiting() {
  const lab = openLab({ workflow: ASKED })
  lab.fault({ device: 'leaf1', kind: 'unreachable', for: 5 })
  await lab.exits(12, 'run workflow.yaml --detach')
  await lab.ok('approve @latest')
  const { out } = await lab.exits(12, 'resume @latest --detach')
  return { lab, said: out }
}

async function tokenOf(lab: Lab) {
  const { tokens } = await json(lab.eosflow('show @latest --tokens --json'))
  expect(tokens).toEqual([{ path: '', state: 'AskOwner', token: expect.stringMatching(/^eosflow-task-.{43}$/) }])
  return tokens[0]?.token ?? ''
}

describe('an execution that waits for an answer from outside', () => {
  test('says who waits, what for, the retries it has cost, and how to get the token, but not the token', {
    tags: ['long', 'turn'],
  }, async () => {
    const { lab, said } = await waiting()
    expect(said).toMatch(/^device +result +verify +retries +end state$/m)
    const spent = Number(/^leaf1 +○ untouched +- +([1-3]) +BEFORE: never committed$/m.exec(said)?.[1])
    expect(spent).toBeGreaterThan(0)
    expect(said).toMatch(/^AskOwner waits for an answer from outside \(token [0-9a-f]{8}\): May the change begin\?$/m)
    expect(said).toMatch(/: eosflow show (\S+) --tokens\n\nExecution \1: waits for an answer from outside · /)
    expect(said).not.toContain('eosflow-task-')
    const shown = await json(lab.eosflow('show @latest --json'))
    expect(shown).toMatchObject({
      devices: [{ name: 'leaf1', end: 'untouched', retries: spent }],
      waitingFor: [{ path: '', state: 'AskOwner', waitsFor: 'signal', message: 'May the change begin?' }],
    })
    await prints(0, lab.eosflow('executions'), / asked {2}waiting-for-signal\n {4}leaf1:untouched\n/)
    await lab.ok('stop @latest')
  })

  test('goes on with the token that show --tokens gives', { tags: ['long', 'turn'] }, async () => {
    const { lab } = await waiting()
    const line = /^AskOwner: (eosflow-task-\S{43})$/m.exec((await lab.eosflow('show @latest --tokens')).out)
    const token = await tokenOf(lab)
    expect(line?.[1]).toBe(token)
    await lab.ok('signal', token, '--output', '{"by":"owner"}')
    await prints(0, lab.eosflow('resume @latest'), 'succeeded · 1 switch: 1 confirmed')
    expect(lab.whereIs('leaf1')).toBe('AFTER')
    await prints(0, lab.eosflow('show @latest --tokens'), /^0 tokens\n/)
  })

  test('and fails: the recap names the state that failed, with its error, and the one whose error was handled', {
    tags: ['long', 'turn'],
  }, async () => {
    const { lab } = await waiting()
    await lab.ok('signal', await tokenOf(lab), '--error', 'NotToday', '--cause', 'audit')
    await prints(
      10,
      lab.eosflow('resume @latest'),
      /^✖ leaf1: AskOwner NotToday: audit \(handled\)$/m,
      /^✖ leaf1: GiveUp failed: OwnerSaysNo$/m,
      'refused: nothing was committed · 1 switch: 1 untouched',
    )
  })
})
