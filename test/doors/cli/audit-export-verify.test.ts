import { spawnSync } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { asAlice } from '../../change/record/sqlite/open-for-test.ts'
import { exits, fileText, inProcess, temporaryFolder } from '../../lab/lab.ts'
import { openStoreIn } from './project-with-executions.ts'

const SCRIPT = fileURLToPath(new URL('../../../docs/verify-export.py', import.meta.url))
const entered: EventBody = { type: 'StateEntered', path: '', state: 'Push' }
const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }
const CARRIED: EventBody = {
  type: 'ApprovalCarried',
  plan: 'sha256:aa',
  to: 'sha256:bb',
  approved: 'blob:05',
  nth: 1,
  nonces: ['00112233445566778899aabbccddeeff'],
  rules: ['change'],
  policy: 'sha256:cc',
  differences: [{ device: 'leaf1', block: 'vlan 777', lines: ['+vlan 777'] }],
  principal: { issuer: 'local', id: 'alice', kind: 'person', auth: 'os' },
}
const PYTHON = spawnSync('python3', ['--version']).status === 0

interface Exported {
  readonly away: string
  readonly lines: readonly string[]
}

/** A project whose commands have left records, its export, the public key, and the checkpoints that were kept outside, where nothing else is. */
async function exported(besides: readonly EventBody[] = []) {
  const dir = temporaryFolder({
    'eosflow.yaml': 'version: 1\naudit:\n  anchors: [{ name: worm, file: outside/checkpoints.note }]\n',
  })
  await exits(0, inProcess('audit key', dir))
  for (const execution of ['x1', 'x2']) {
    const store = await openStoreIn(dir)
    await asAlice(store).append(execution, [entered, entered, ended])
    if (execution === 'x1') for (const one of besides) await asAlice(store).append(undefined, [one])
    await store.close()
    await exits(0, inProcess('audit list', dir))
  }
  const { stdout } = await inProcess('audit export --format jsonl', dir)
  const away = temporaryFolder({ 'eosflow.pub': (await inProcess('audit key', dir)).stdout })
  copyFileSync(join(dir, 'outside/checkpoints.note'), join(away, 'checkpoints.note'))
  return { away, lines: stdout.split('\n').filter((line) => line !== '') }
}

async function verified({ away }: Exported, lines: readonly string[]) {
  writeFileSync(join(away, 'a.jsonl'), lines.map((line) => `${line}\n`).join(''))
  const argv = ['audit', 'verify', 'a.jsonl', '--pubkey', 'eosflow.pub', '--anchors', 'checkpoints.note']
  const { code, stdout, stderr } = await inProcess(argv, away)
  const python = (...given: readonly string[]) =>
    PYTHON ? spawnSync('python3', [SCRIPT, ...given], { cwd: away, encoding: 'utf8' }) : undefined
  return {
    found: { code, said: stdout + stderr },
    signed: python('--pubkey', 'eosflow.pub', 'a.jsonl', 'checkpoints.note'),
    believed: python('a.jsonl', 'checkpoints.note'),
    alone: python('a.jsonl'),
  }
}

const isRecord = (line: string) => line.startsWith('{"chain":')

describe('an export that a command has printed', () => {
  test('[S6] holds up to its last record, here and in Python, and in Python alone only by a key or by checkpoints from outside', {
    tags: 'long',
  }, async () => {
    const made = await exported()
    const { found, signed, believed, alone } = await verified(made, made.lines)
    expect(found).toEqual({ code: 0, said: expect.stringMatching(/^✔ 7 records of a\.jsonl hold/) })
    expect(found.said).not.toContain('no signature covers')
    expect(made.lines.filter(isRecord)).toHaveLength(11)
    if (!PYTHON) return
    expect([signed?.status, signed?.stdout]).toEqual([0, 'holds: 11 records of 3 chains\n'])
    expect([believed?.status, believed?.stdout]).toEqual([0, 'holds: 11 records of 3 chains\n'])
    expect([alone?.status, alone?.stdout]).toEqual([6, expect.stringContaining('no checkpoint speaks of it')])
  })

  test('of approvals that have carried Python says that it does not judge them', {
    tags: ['long', 'turn'],
  }, async () => {
    const made = await exported([CARRIED])
    const { found, signed } = await verified(made, made.lines)
    expect(found).toEqual({ code: 0, said: expect.stringMatching(/^✔ 8 records of a\.jsonl hold/) })
    const said =
      'holds: 12 records of 3 chains\n1 of them say that approvals have carried: that this is on record is verified here, and not that they may\n'
    if (PYTHON) expect([signed?.status, signed?.stdout]).toEqual([0, said])
    const at = made.lines.findIndex((line) => line.includes('"ApprovalCarried"'))
    const altered = await verified(made, made.lines.with(at, (made.lines[at] ?? '').replace('vlan 777', 'vlan 778')))
    expect(altered.found.code).toBe(6)
    if (PYTHON) expect(altered.signed?.status).toBe(6)
  })

  test('does not hold where a record is altered or taken out', { tags: ['long', 'turn'] }, async () => {
    const made = await exported()
    const third = made.lines.findIndex((line) => line.startsWith('{"chain":"x1","n":3,'))
    for (const [altered, says] of [
      [
        made.lines.with(third, (made.lines[third] ?? '').replace('leaf1', 'leaf9')),
        /record 3 of execution x1 was altered/,
      ],
      [made.lines.toSpliced(third, 1), /record 3 of execution x1 is missing/],
    ] as const) {
      const { found, signed, believed } = await verified(made, altered)
      expect(found).toEqual({ code: 6, said: expect.stringMatching(says) })
      if (PYTHON) expect([signed?.status, believed?.status]).toEqual([6, 6])
    }
  })

  test('and a checkpoint from outside that another key has signed: in Python, too, only with the public key', {
    tags: ['long', 'turn'],
  }, async () => {
    const made = await exported()
    const path = join(made.away, 'checkpoints.note')
    const foreign = await exported()
    const origin = (lines: readonly string[]) => String(JSON.parse(lines[0] ?? '').origin)
    const note = fileText(foreign.away, 'checkpoints.note')
    writeFileSync(path, note.replaceAll(origin(foreign.lines), origin(made.lines)))
    const { found, signed } = await verified(made, made.lines)
    expect(found).toEqual({ code: 6, said: expect.stringContaining('signed with another key') })
    if (PYTHON)
      expect([signed?.status, signed?.stdout]).toEqual([6, expect.stringContaining('signed with another key')])
  })

  test('of version 1 is refused by name', { tags: ['long', 'turn'] }, async () => {
    const made = await exported()
    const { found, signed } = await verified(made, made.lines.with(0, (made.lines[0] ?? '').replace('"v":2', '"v":1')))
    expect(found).toEqual({
      code: 3,
      said: expect.stringContaining('an export of version 1: this eosflow reads version 2'),
    })
    if (PYTHON)
      expect([signed?.status, signed?.stdout]).toEqual([6, 'does not hold: it is of version 1: this reads version 2\n'])
  })

  test('verified in Python (needs python3)', ({ skip }) => {
    if (!PYTHON) skip('python3 is not there')
    expect(PYTHON).toBe(true)
  })
})
