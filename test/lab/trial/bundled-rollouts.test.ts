import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { bundled } from '../../../src/project/system/bundled.ts'
import { everyNth } from '../../extent.ts'
import { inProcess, temporaryFolder } from '../lab.ts'

/** Every way to roll out that a workflow may write. */
const ROLLOUTS: Readonly<Record<string, string>> = {
  'one by one': '{ waves: [1] }',
  'waves that grow': "{ waves: [1, '50%', '100%'] }",
  'all at once': "{ waves: ['100%'] }",
  'pairs together': "{ waves: ['100%'], pairs: together }",
  'pairs apart': "{ waves: ['100%'], pairs: apart }",
  'nothing apart': "{ waves: ['100%'], keepApart: none }",
  'a canary': "{ canary: { switches: 1, soak: 1m }, waves: ['100%'] }",
  'each by itself': "{ waves: ['100%'], atomic: device }",
  'wave by wave': "{ waves: [1, '100%'], atomic: wave }",
  'one at a time': "{ waves: ['100%'], concurrency: 1 }",
}

interface TestFile {
  readonly cases: readonly { readonly params?: object; readonly [key: string]: unknown }[]
  readonly params?: object
  readonly [key: string]: unknown
}

const WORKFLOWS = readdirSync(bundled('workflows'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''))

/** With what each is tried: as its own test does, and a session between switches of each relation. */
const TRIED: readonly (readonly [workflow: string, given: object])[] = [
  ...WORKFLOWS.map((name) => [name, {}] as const),
  ...(
    [
      ['leaf1 or leaf2', [11, 12], [65101, 65101]],
      ['leaf1 or spine1', [11, 1], [65101, 65000]],
    ] as const
  ).map(
    ([target, loopbacks, asns]) =>
      ['add-bgp-peer', { target, params: { loopbacks: loopbacks.map((last) => `10.0.250.${last}`), asns } }] as const,
  ),
]

/** How a workflow ends on its simulated switches with another rollout: it succeeds, or is refused for a reason. */
async function endOf(workflow: string, given: object, rollout: string) {
  const dir = temporaryFolder()
  for (const part of ['workflows', 'fixtures/dc1', 'inventory.yaml', 'eosflow.yaml'])
    cpSync(bundled(part), join(dir, part), { recursive: true })
  const file = join(dir, `workflows/${workflow}.yaml`)
  // Long enough for as many waves as there are switches: that is not what is asked here.
  const text = readFileSync(file, 'utf8').replace(/confirmWithin: \d+m/, 'confirmWithin: 60m')
  const { rollout: _, ...rest } = parse(text) as { rollout?: object }
  writeFileSync(file, stringify({ ...rest, rollout: parse(rollout) }))
  const { cases, params, ...common } = parse(
    readFileSync(bundled(`workflows/tests/${workflow}.test.yaml`), 'utf8'),
  ) as TestFile
  const [{ params: own, expect: __, name: ___, ...first } = {}] = cases
  const one = { name: 'it ends', expect: { outcome: 'succeeded' } }
  const tried = { ...common, ...first, params: { ...params, ...own }, ...given, cases: [one] }
  writeFileSync(join(dir, 'workflows/tests/one.test.yaml'), stringify(tried))
  const { code, stdout, stderr } = await inProcess('test workflows/tests/one.test.yaml --json', dir)
  if (code === 3) return `not valid: ${stderr}`
  const [found] = (JSON.parse(stdout) as { cases: { status: string; failures: { message: string }[] }[] }).cases
  return found?.status === 'passed' ? 'succeeded' : JSON.stringify(found?.failures)
}

describe('every bundled workflow on every rollout', () => {
  test('[3C5] succeeds, or is refused before anything is written, with the reason', {
    tags: ['long', 'cut'],
    timeout: 900_000,
  }, async () => {
    const all = TRIED.flatMap(([workflow, given]) =>
      Object.entries(ROLLOUTS).map((one) => [workflow, given, ...one] as const),
    )
    expect(all.length).toBe(190)
    const ends = new Map<string, string>()
    for (const [workflow, given, title, rollout] of everyNth(
      { test: 12, long: 11 },
      'bundled workflows on rollouts',
      all,
    ))
      ends.set(`${workflow} ${JSON.stringify(given)} ${title}`, await endOf(workflow, given, rollout))
    const refused = /get the two ends of a BGP session|^not valid: /
    const bad = [...ends].filter(([, end]) => end !== 'succeeded' && !refused.test(end))
    expect(bad).toEqual([])
    expect([...ends.values()].filter((end) => end === 'succeeded').length).toBeGreaterThan(ends.size / 2)
  })

  const session = (target: string, rollout: string) => {
    const tried = TRIED.find(([, given]) => 'target' in given && given.target === target)
    return endOf('add-bgp-peer', tried?.[1] ?? {}, rollout)
  }

  test('[3C5] a session within a pair is refused where the two are kept apart, and made where they go together', {
    tags: 'long',
  }, async () => {
    const apart = await session('leaf1 or leaf2', "{ waves: ['100%'] }")
    expect(apart).toContain(
      'leaf1 (neighbor 10.0.250.12) and leaf2 (neighbor 10.0.250.11) get the two ends of a BGP session, and are changed in different waves',
    )
    expect(await session('leaf1 or leaf2', "{ waves: ['100%'], pairs: together }")).toBe('succeeded')
    expect(await session('leaf1 or leaf2', "{ waves: ['100%'], keepApart: none }")).toBe('succeeded')
  })

  test('a session is refused where one end waits for the other to be verified', {
    tags: ['long', 'turn'],
  }, async () => {
    for (const rollout of ['{ waves: [1] }', '{ canary: { switches: 1, soak: 1m } }'])
      expect(await session('', rollout)).toContain('are changed in different waves')
    expect(await session('', '{ concurrency: 1 }')).toContain('1 switches of a wave are changed at the same time')
    expect(await session('', '{ waves: [2] }')).toBe('succeeded')
  })
})
