import { describe, expect, test } from 'vitest'
import { type ChainRow, chainHash, chainHashes, chainRow, genesis, walkChain } from '../../src/journal/chain.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

// Computed apart from the code under test, with Python's hashlib and struct, from the formula of docs/audit.md#how-it-is-chained.
const GENESIS = '516ad25e0abff94a64be234620d71250c1f977b3a11e242dc87b92260b42a581'
const FIRST = '464f473ab49d6831d2566f807218a30c4523b4ac55608f868d6dd0664301a21c'
const SECOND = '3e187c8a49486358ea910914d67093c06f46920194bde98042967b7551a0ca08'

describe('the chain', () => {
  test('begins at the name of the store', () => {
    expect(hex(genesis('eosflow.audit/test').hash)).toBe(GENESIS)
    expect(genesis('eosflow.audit/test').seq).toBe(0)
  })

  test('hashes domain byte, position, predecessor and content', () => {
    expect(hex(chainHash(1, Buffer.from(GENESIS, 'hex'), '{"seq":1}'))).toBe(FIRST)
    expect(hex(chainHash(2, Buffer.from(FIRST, 'hex'), '{"note":"zweite Zeile, ü","seq":2}'))).toBe(SECOND)
  })

  test('hashes many rows as it does one by one', () => {
    const bodies = ['{"seq":1}', '{"note":"zweite Zeile, ü","seq":2}', '']
    const point = { seq: 0, hash: Buffer.from(GENESIS, 'hex') }
    const third = hex(chainHash(3, Buffer.from(SECOND, 'hex'), ''))
    expect(hex(chainHashes(point, bodies))).toBe(FIRST + SECOND + third)
    const far = { seq: 2 ** 40 + 255, hash: Buffer.from(FIRST, 'hex') }
    expect(hex(chainHashes(far, ['x']))).toBe(hex(chainHash(2 ** 40 + 256, far.hash, 'x')))
  })

  test('walks an untouched run to its end', () => {
    const walked = walkChain(genesis('o'), rows())
    expect(walked).toEqual({ end: { seq: 5, hash: rows()[4]?.hash } })
  })

  test('walks an empty run to where it began', () => {
    const start = genesis('o')
    expect(walkChain(start, [])).toEqual({ end: start })
  })

  const replaced = (row: ChainRow, body: string): ChainRow => ({
    ...row,
    body,
    hash: chainHash(row.seq, row.prev, body),
  })
  const cases: Record<string, { change: (rows: ChainRow[]) => ChainRow[]; seq: number; reason: RegExp }> = {
    'an edited body': {
      change: (all) => all.map((row) => (row.seq === 3 ? { ...row, body: '{"seq":3,"x":1}' } : row)),
      seq: 3,
      reason: /altered/,
    },
    'an edited body with a fresh hash': {
      change: (all) => all.map((row) => (row.seq === 3 ? replaced(row, '{"seq":3,"x":1}') : row)),
      seq: 4,
      reason: /does not follow record 3/,
    },
    'a deleted row': { change: (all) => all.filter(({ seq }) => seq !== 3), seq: 3, reason: /missing/ },
    'a deleted first row': { change: (all) => all.slice(1), seq: 1, reason: /missing/ },
    'two swapped rows': {
      change: ([a, b, c, d, e]) =>
        [a, b && c && { ...c, seq: 2 }, b && c && { ...b, seq: 3 }, d, e].filter((row) => row !== undefined),
      seq: 2,
      reason: /altered/,
    },
    'rows out of order': {
      change: ([a, b, c, d, e]) => [a, b, c, b, d, e].filter((row) => row !== undefined),
      seq: 2,
      reason: /order/,
    },
    'an edited hash': {
      change: (all) => all.map((row) => (row.seq === 5 ? { ...row, hash: Buffer.alloc(32) } : row)),
      seq: 5,
      reason: /altered/,
    },
    'an edited link': {
      change: (all) => all.map((row) => (row.seq === 2 ? { ...row, prev: Buffer.alloc(32) } : row)),
      seq: 2,
      reason: /altered/,
    },
    'a run that begins under another name': {
      change: () => run('another'),
      seq: 1,
      reason: /does not follow record 0/,
    },
  }
  test.each(Object.entries(cases))('names %s', (_name, { change, seq, reason }) => {
    const walked = walkChain(genesis('o'), change(rows()))
    expect(walked).toEqual({ fault: { seq, reason: expect.stringMatching(reason) } })
  })
})

function rows(): ChainRow[] {
  return run('o')
}

function run(origin: string): ChainRow[] {
  const made: ChainRow[] = []
  let last = chainRow(genesis(origin), '{"seq":1}')
  made.push(last)
  for (let seq = 2; seq <= 5; seq++) {
    last = chainRow(last, `{"seq":${seq}}`)
    made.push(last)
  }
  return made
}
