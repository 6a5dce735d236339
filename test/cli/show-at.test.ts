import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { exits, json, type Lab, openLab, warns, workflowFor } from '../lab/lab.ts'

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

interface Record {
  readonly seq: number
  readonly type: string
  readonly state?: string
  readonly device?: string
}

async function history(lab: Lab): Promise<readonly Record[]> {
  return await json(lab.eosflow('history @latest --json'))
}

/** How the newest execution stood at the first record that matches. */
async function standingAt(lab: Lab, matches: (record: Record) => boolean): Promise<z.infer<typeof Standing>> {
  const seq = (await history(lab)).find(matches)?.seq
  const { out } = await lab.ok('show @latest --at', String(seq), '--json')
  return Standing.parse(JSON.parse(out))
}

describe('show --at', () => {
  test('a record while a switch holds the change: its scopes, its switches, what comes next', async () => {
    const lab = openLab({ workflow: workflowFor('leaf1 or leaf3') })
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
    const { out } = await lab.eosflow('show @latest --at', String(seq))
    expect(out).toMatch(new RegExp(`^\\S+ at record ${seq}, 2026-01-05T08:00:00.000Z: running\n`))
    expect(out).toMatch(
      /^\(root\) +RollOutWaves +started +open +1 +2026-01-05T08:00:00\.000Z {2}0 of 1 done, 0 failed$/m,
    )
    expect(out).toMatch(/^RollOutWaves\[0\]\.RollOutWave\[0\] +Verify +started +open +1 /m)
    expect(out).toMatch(/^leaf1 +armed +arm +unknown$/m)
    expect(out).toContain('What would happen next:\n  begun and not known to be done: task verify of Verify')
    expect(out).toMatch(/\n3 scopes, 1 switch, 1 next step\nNext: eosflow history \S+\n$/)
  })

  test('a record while it is put back', async () => {
    const lab = openLab()
    lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, lab.change())
    const standing = await standingAt(lab, ({ type }) => type === 'CompensationStarted')
    expect(standing).toMatchObject({ status: 'compensating', error: { kind: 'verification' } })
    expect(standing.scopes.map(({ result }) => result)).toEqual(['failed', 'failed', 'failed'])
    expect(standing.scopes[2]?.error).toMatchObject({ Error: 'eosflow.verification' })
    expect(standing.next).toEqual([{ effect: 'undo', devices: ['leaf1'], says: 'leaf1 is put back' }])
  })

  test('a record at which it waits for an approval, and the last one', async () => {
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
    lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await lab.change()
    const records = await history(lab)
    expect(records.length).toBeGreaterThan(40)
    for (const { seq } of records) {
      const { out } = await lab.ok('show @latest --at', String(seq), '--json')
      expect(Standing.parse(JSON.parse(out)).seq).toEqual(seq)
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
        lab.eosflow('show @latest', `--at=${word}`),
        `has records from ${records[0]?.seq} to ${records.at(-1)?.seq}`,
      )
    },
  )
})
