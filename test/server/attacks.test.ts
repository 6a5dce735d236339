import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { routes } from '../../src/server/routes.ts'
import { openLab } from '../lab/lab.ts'

const ANN = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } as const
const root = fileURLToPath(new URL('../..', import.meta.url))

/** The attacks that the table must have, in its order. */
const ATTACKS = [
  'cross-site form',
  'same host, other port',
  'framing',
  'rebinding',
  'replayed challenge',
  'passkey of another plan',
  'user verification missing',
  'session of another person',
  'script in a description',
  'CRLF in a header field',
  'body of 1 GB',
  'slow readers',
  '10,000 unauthenticated requests',
  'logins without end',
  'cookie after the logout',
  'guessing by compression',
  'forged change record',
]

/** The rows of the table of attacks in the manual: the attack, what comes of it, and the tests as `file > title`. */
function rowsOfManual(): readonly { attack: string; result: string; proofs: readonly string[] }[] {
  const [, section = ''] = readFileSync(`${root}docs/control-room.md`, 'utf8').split('## Attacks, and what follows')
  return [...section.matchAll(/^\| (?!attack|---)([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, attack = '', result = '', proofs = '']) => ({
      attack,
      result,
      proofs: [...proofs.matchAll(/`([^`]+)`/g)].map(([, proof = '']) => proof),
    }),
  )
}

describe('the table of attacks', () => {
  test('has every attack with what comes of it', () => {
    const rows = rowsOfManual()
    expect(rows.map(({ attack }) => attack)).toEqual(ATTACKS)
    expect(rows.filter(({ result, proofs }) => result.length < 20 || proofs.length === 0)).toEqual([])
  })

  test('names tests that are there', () => {
    const proofs = rowsOfManual().flatMap((row) => row.proofs)
    const missing = proofs.filter((proof) => {
      const [file = '', ...title] = proof.split(' > ')
      const text = existsSync(`${root}${file}`) ? readFileSync(`${root}${file}`, 'utf8') : ''
      return !file.startsWith('test/') || title.length === 0 || !title.every((part) => text.includes(`'${part}'`))
    })
    expect(missing).toEqual([])
    expect(proofs.length).toBeGreaterThanOrEqual(ATTACKS.length)
  })
})

test('[G20] nothing of a path, of a query or of a cookie comes back as a header field of its own', async () => {
  const bench = await openLab().serve()
  const { id } = bench.browser(ANN)
  const line = '%0d%0ax-injected:%201'
  const statuses = new Map<number, number>()
  for (const { method, path } of routes) {
    if (method !== 'GET' || path.endsWith('/stream')) continue
    for (const session of [id, undefined]) {
      const asked = `${path.replaceAll(/\{\w+\+?\}/g, `a${line}`)}?link=a${line}&after=${line}&before=${line}&x=${line}`
      const { status, headers } = await bench.ask('GET', asked, session === undefined ? {} : { session })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      expect([asked, headers.get('x-injected')]).toEqual([asked, null])
      for (const [name, value] of headers)
        expect([asked, name, value.includes('x-injected: 1')]).toEqual([asked, name, false])
    }
  }
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(80)
  // None of them is a failure of eosflow.
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
  expect(bench.failures).toEqual([])
})
