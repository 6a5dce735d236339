import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { chainHash } from '../../src/journal/chain.ts'
import type { EventBody } from '../../src/journal/event.ts'
import { openChainsStore } from '../../src/journal/sqlite-chains/open-store.ts'
import { signingKeys } from '../../src/system/signing-keys.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { asAlice } from '../journal/sqlite/open-for-test.ts'
import { temporaryFolder } from './eosflow.ts'
import { inProcess } from './in-process.ts'

const SCRIPT = fileURLToPath(new URL('../../docs/verify-export.py', import.meta.url))
const PYTHON = hasPython()
const entered: EventBody = { type: 'StateEntered', path: '', state: 'Push' }
const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }

function hasPython(): boolean {
  return spawnSync('python3', ['--version']).status === 0
}

interface Exported {
  readonly away: string
  readonly lines: readonly string[]
}

/** An export of seven records with its checkpoints, the public key, and the checkpoints that were kept outside. */
async function exported(): Promise<Exported> {
  const dir = temporaryFolder()
  writeFileSync(
    join(dir, 'eosflow.yaml'),
    'version: 1\naudit:\n  anchors: [{ name: worm, file: outside/checkpoints.note }]\n',
  )
  expect((await inProcess(['audit', 'key'], dir)).code).toBe(0)
  const installKey = readFileSync(join(dir, '.eosflow/install.key'), 'utf8').trim()
  for (const execution of ['x1', 'x2']) {
    const store = await openChainsStore({
      path: join(dir, '.eosflow/store.db'),
      installKey,
      checkpointKey: () => signingKeys(join(dir, '.eosflow'), {}).readOrMake('checkpoint').key,
      clock: systemClock,
    })
    await asAlice(store).append(execution, [entered, entered, ended])
    await store.audit.checkpoint()
    await store.close()
    expect((await inProcess(['audit', 'list'], dir)).code).toBe(0)
  }
  const { stdout: lines } = await inProcess(['audit', 'export', '--format', 'jsonl'], dir)
  const { stdout: pem } = await inProcess(['audit', 'key'], dir)
  const away = temporaryFolder()
  writeFileSync(join(away, 'eosflow.pub'), pem)
  writeFileSync(join(away, 'checkpoints.note'), readFileSync(join(dir, 'outside/checkpoints.note')))
  return { away, lines: lines.split('\n').filter((line) => line !== '') }
}

/** The records as somebody writes them anew who has no key: each hash follows from the one before. */
function chained(lines: readonly string[], change: (body: string) => string): string[] {
  const head = JSON.parse(lines[0] ?? '') as { after: number; hash: string }
  let { after } = head
  let link: Uint8Array = Buffer.from(head.hash, 'hex')
  return lines.map((line) => {
    const [, body] = /^\{"body":(\{.*\}),"hash":"[0-9a-f]{64}"\}$/.exec(line) ?? []
    if (body === undefined) return headAgain(line, link)
    after += 1
    const made = change(body)
    link = chainHash(after, link, made)
    return `{"body":${made},"hash":"${Buffer.from(link).toString('hex')}"}`
  })
}

/** Records that are written on begin with a head, too, which names what was before: whoever writes all anew writes that, too. */
function headAgain(line: string, link: Uint8Array): string {
  const said = JSON.parse(line) as { after?: number; hash?: string }
  return said.after === undefined ? line : JSON.stringify({ ...said, hash: Buffer.from(link).toString('hex') })
}

const isRecord = (line: string): boolean => line.startsWith('{"body":')
const withoutCheckpoints = (lines: readonly string[]): string[] =>
  lines.filter((line) => !line.startsWith('{"checkpoint"'))
const evil = (body: string): string => body.replace('leaf1', 'leaf9')
/** Records as they are, and two more behind them that nobody has signed. */
function forgedTail(lines: readonly string[]): string[] {
  const last = lines.filter(isRecord).at(-1) ?? ''
  const body = last.slice('{"body":'.length, -75)
  const seq = (JSON.parse(body) as { seq: number }).seq
  const more = [seq + 1, seq + 2].map(
    (next) => `{"body":${body.replace(`"seq":${seq}`, `"seq":${next}`)},"hash":"${'0'.repeat(64)}"}`,
  )
  return chained([...lines.filter((line) => !line.startsWith('{"checkpoint"')), ...more], (same) => same).concat(
    lines.filter((line) => line.startsWith('{"checkpoint"')),
  )
}

const BAD: Readonly<Record<string, { readonly harm: (lines: readonly string[]) => string[]; readonly says: RegExp }>> =
  {
    'a record edited': { harm: (lines) => lines.map(evil), says: /altered/ },
    'a record taken out': {
      harm: (lines) => lines.filter((line) => !line.includes('"seq":3,')),
      says: /Record 3 .* is missing/,
    },
    'every record written anew, the checkpoints kept': {
      harm: (lines) => chained(lines, evil),
      says: /was rewritten/,
    },
    'every record written anew, the checkpoints taken out': {
      harm: (lines) => withoutCheckpoints(chained(lines, evil)),
      says: /no checkpoint of this key vouches for any of its records/,
    },
    'the checkpoints taken out': {
      harm: withoutCheckpoints,
      says: /no checkpoint of this key vouches for any of its records/,
    },
    'the tail cut, the checkpoints kept': {
      harm: (lines) => lines.filter((line) => !/"seq":[67],/.test(line)),
      says: /Record 6 .* is missing/,
    },
    'a second head in the middle, of another beginning': {
      harm: (lines) => {
        const [head = '', ...rest] = lines
        const other = JSON.stringify({ ...(JSON.parse(head) as object), after: 3, hash: '1'.repeat(64) })
        return [head, ...rest.slice(0, 4), other, ...rest.slice(4)]
      },
      says: /goes on from a record that is not this one/,
    },
    'a second head, of another store': {
      harm: (lines) => [...lines, (lines[0] ?? '').replace(/audit\/[0-9a-f]{16}/, 'audit/0000000000000000')],
      says: /what follows is of another store/,
    },
  }

describe('an export that was', () => {
  test.each(Object.entries(BAD))('%s does not hold: exit 6', { tags: 'long' }, async (_name, { harm, says }) => {
    const { away, lines } = await exported()
    writeFileSync(join(away, 'a.jsonl'), `${harm(lines).join('\n')}\n`)
    const { code, stdout } = await inProcess(['audit', 'verify', 'a.jsonl', '--pubkey', 'eosflow.pub'], away)
    expect([code, stdout]).toEqual([6, expect.stringMatching(says)])
    if (!PYTHON) return
    const python = spawnSync('python3', [SCRIPT, 'a.jsonl', 'checkpoints.note'], { cwd: away, encoding: 'utf8' })
    // Whose checkpoints travel with the records is nothing to it: it believes those from outside.
    const isIntact = _name === 'the checkpoints taken out'
    expect([python.status, python.stderr]).toEqual([isIntact ? 0 : 6, ''])
  })

  test('left as it is holds, here and in Python', async () => {
    const { away, lines } = await exported()
    writeFileSync(join(away, 'a.jsonl'), `${lines.join('\n')}\n`)
    const { code, stdout } = await inProcess(['audit', 'verify', 'a.jsonl', '--pubkey', 'eosflow.pub'], away)
    // The seventh is the record of the export itself: it is not signed yet.
    const last = '! record 7 is newer than the newest signed checkpoint: no signature covers that'
    expect([code, stdout]).toEqual([0, expect.stringContaining(last)])
    expect(lines.filter(isRecord).length).toBe(7)
    if (!PYTHON) return
    expect(execFileSync('python3', [SCRIPT, 'a.jsonl', 'checkpoints.note'], { cwd: away, encoding: 'utf8' })).toMatch(
      /^holds up to record \d\n/,
    )
    const alone = spawnSync('python3', [SCRIPT, 'a.jsonl'], { cwd: away, encoding: 'utf8' })
    expect([alone.status, alone.stdout]).toEqual([
      6,
      expect.stringContaining('no checkpoint from outside speaks of it'),
    ])
  })

  test('forged behind its last checkpoint is vouched for only up to there', async () => {
    const { away, lines } = await exported()
    writeFileSync(join(away, 'a.jsonl'), `${forgedTail(lines).join('\n')}\n`)
    const { code, stdout } = await inProcess(['audit', 'verify', 'a.jsonl', '--pubkey', 'eosflow.pub'], away)
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('! records 7 to 9 are newer than the newest signed checkpoint: no signature covers that'),
    ])
    const json = await inProcess(['audit', 'verify', 'a.jsonl', '--pubkey', 'eosflow.pub', '--json'], away)
    expect(JSON.parse(json.stdout)).toMatchObject({ unvouched: { from: 7, to: 9 } })
    if (!PYTHON) return
    expect(execFileSync('python3', [SCRIPT, 'a.jsonl', 'checkpoints.note'], { cwd: away, encoding: 'utf8' })).toMatch(
      /records \d to 9 are behind the newest checkpoint: nobody vouches for them/,
    )
  })

  test('verified in Python (needs python3)', ({ skip }) => {
    if (!PYTHON) skip('python3 is not there')
    expect(PYTHON).toBe(true)
  })
})
