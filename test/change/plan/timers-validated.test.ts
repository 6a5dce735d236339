import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { planTimers, prepare } from '../../../src/change/plan/prepare.ts'
import { planRollout } from '../../../src/change/plan/rollout.ts'
import { compare } from '../../../src/change/plan/seal.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { knownChecks } from '../../../src/eos/check/builtin/known-checks.ts'
import type { Problem } from '../../../src/model/error.ts'
import { inProcess } from '../../lab/lab.ts'
import { DEFINITION, evidenceOf, merge } from './material.ts'

/** Twelve switches, six pairs. */
const NAMES = Array.from({ length: 12 }, (_, n) => `leaf${n + 1}`)
const INVENTORY = `
credentials: { sim: { username: admin, password: admin, simulated: true } }
defaults: { protocol: http, credentials: sim }
devices:
${NAMES.map((name, n) => `  ${name}: { host: 127.0.0.1, port: ${n + 1}, tags: { role: leaf, mlag: pair${Math.floor(n / 2)}, row: r1 } }`).join('\n')}
`
const QUIET = (name: string) => `hostname ${name}\nvlan 5\nend\n`
const BGP = (name: string) =>
  `${QUIET(name).replace('end\n', '')}router bgp 65001\n   neighbor 10.0.0.1 remote-as 65000\nend\n`

interface Times {
  readonly rollout: string
  readonly push: string
  readonly verify: string
  /** The configuration of each switch, where the change is all of it. */
  readonly config?: (name: string) => string
}

const workflowOf = ({ rollout, push, verify, config }: Times) => `name: w
targets: role:leaf
change: ${config === undefined ? '{ lines: [vlan 6] }' : "{ mode: replace, file: 'intended/{{ device.name }}.cfg' }"}
rollout: { ${rollout} }
allow: [management]
steps:
  - snapshot
  - plan
  - push: { ${push} }
  - verify: { ${verify}checks: [reachable] }
  - confirm
`

const CANNOT = 'cannot hold'

/** What is wrong with the times, where in the workflow, and the times themselves. */
const ROWS: readonly (readonly [string, Times, string, string])[] = [
  [
    'two waves',
    {
      rollout: "waves: [1, '100%'], keepApart: none",
      push: 'confirmWithin: 6m',
      verify: 'within: 3m, stableFor: 30s, ',
    },
    '9:28',
    // 3m for the first, two rounds of ten for the other eleven; pushed in 0.83 s and 1.93 s, confirmed in 1.04 s.
    'the commit timer of 6m cannot hold: 9m of verification in 2 waves + 4s to push and confirm 12 switches + 30s in reserve is 9m34s',
  ],
  [
    'pairs that are kept apart',
    { rollout: "waves: ['100%']", push: 'confirmWithin: 6m', verify: 'within: 3m, stableFor: 30s, ' },
    '9:28',
    'the commit timer of 6m cannot hold: 6m of verification in 2 waves + 3s to push and confirm 12 switches + 30s in reserve is 6m33s',
  ],
  [
    'all apart, by another tag',
    { rollout: "waves: ['100%'], keepApart: row", push: 'confirmWithin: 30m', verify: 'within: 3m, stableFor: 30s, ' },
    '9:28',
    'the commit timer of 30m cannot hold: 36m of verification in 12 waves + 11s to push and confirm 12 switches + 30s in reserve is 36m41s',
  ],
  [
    'a canary that is watched longer',
    {
      rollout: "waves: ['100%'], keepApart: none, concurrency: 20, canary: { switches: 1, soak: 10m }",
      push: 'confirmWithin: 15m',
      verify: 'within: 3m, stableFor: 30s, ',
    },
    '9:28',
    // The canary has 9m30s more than the others.
    'the commit timer of 15m cannot hold: 15m30s of verification in 2 waves + 3s to push and confirm 12 switches + 30s in reserve is 16m3s',
  ],
  [
    'each wave by itself',
    {
      rollout: 'waves: [12], keepApart: none, atomic: wave',
      push: 'confirmWithin: 6m',
      verify: 'within: 3m, stableFor: 30s, ',
    },
    '9:28',
    'the commit timer of 6m cannot hold: 6m of verification in the longest wave + 3s to push and confirm 12 switches + 30s in reserve is 6m33s',
  ],
  [
    'the usual times',
    { rollout: "waves: [1, 1, '100%']", push: '', verify: '' },
    '9:5',
    'the commit timer of 10m cannot hold: 12m of verification in 4 waves + 5s to push and confirm 12 switches + 30s in reserve is 12m35s',
  ],
  [
    'the hold time of BGP, in whole configurations',
    {
      rollout: "waves: ['100%'], keepApart: none, concurrency: 20",
      push: 'confirmWithin: 5m',
      verify: '',
      config: BGP,
    },
    '9:28',
    'the commit timer of 5m cannot hold: 5m35s of verification in 1 wave + 2s to push and confirm 12 switches + 30s in reserve is 6m7s; stable for 3m5s, since the BGP hold time of leaf1 is 3m',
  ],
  [
    'the hold time of BGP, longer than the verification',
    {
      rollout: "waves: ['100%'], keepApart: none, concurrency: 20",
      push: 'confirmWithin: 5m',
      verify: 'within: 3m, ',
      config: BGP,
    },
    '10:23',
    'the checks could never be good for 3m5s within 3m; stable for 3m5s, since the BGP hold time of leaf1 is 3m',
  ],
]

/** Times that hold: neither says anything. */
const GOOD: readonly Times[] = [
  {
    rollout: "waves: ['100%'], keepApart: none, concurrency: 20",
    push: 'confirmWithin: 4m',
    verify: 'within: 3m, stableFor: 30s, ',
  },
  { rollout: "waves: ['100%'], keepApart: none, concurrency: 20", push: 'confirmWithin: 7m', verify: '', config: BGP },
  {
    rollout: "waves: ['100%'], keepApart: none, concurrency: 20",
    push: 'confirmWithin: 4m',
    verify: '',
    config: QUIET,
  },
  { rollout: "waves: [1, '100%'], atomic: device", push: 'confirmWithin: 4m', verify: 'within: 3m, stableFor: 30s, ' },
]

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'eosflow-test-'))
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
  mkdirSync(join(dir, 'workflows'))
  writeFileSync(join(dir, 'inventory.yaml'), INVENTORY)
  mkdirSync(join(dir, 'intended'), { recursive: true })
})

afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function validated(times: Times) {
  for (const name of NAMES) writeFileSync(join(dir, `intended/${name}.cfg`), (times.config ?? QUIET)(name))
  writeFileSync(join(dir, 'workflows/w.yaml'), workflowOf(times))
  const { stdout } = await inProcess('validate workflows/w.yaml --json', dir)
  const answer = JSON.parse(stdout) as { problems?: Problem[]; error?: { problems?: Problem[] } }
  return (answer.problems ?? answer.error?.problems ?? []).map(
    ({ message, at }) => `${at.line}:${at.column} ${message}`,
  )
}

/** What the plan says of the times, once the switches have shown themselves: as their files are, and quick. */
function planned(times: Times) {
  const inventory = parseInventory(INVENTORY, 'inventory.yaml')
  const files = (path: string) => {
    const name = /^intended\/(.*)\.cfg$/.exec(path)?.[1]
    return name === undefined ? undefined : (times.config ?? QUIET)(name)
  }
  const compiled = (text: string) => {
    const workflow = compileWorkflow(text, 'w.yaml', { files, checks: knownChecks, policyPresent: false })
    if (!workflow.ok || !inventory.ok) throw new Error(JSON.stringify([workflow, inventory]))
    return { workflow: workflow.value, inventory: inventory.value }
  }
  // What is known of a workflow whose times nobody refuses, with the times of the one that is judged.
  const patient = compiled(workflowOf({ ...times, push: 'confirmWithin: 23h' }))
  const prepared = prepare({ ...patient, given: {}, files })
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  const definition = {
    ...DEFINITION,
    rollout: prepared.value.rollout,
    targets: prepared.value.devices,
    ...planTimers(compiled(workflowOf(times)).workflow),
  }
  const evidence = NAMES.map((name, n) => {
    const running = (times.config ?? QUIET)(name)
    const shown = { ...evidenceOf(n + 1, merge('vlan 6')), device: name, running, state: {} }
    return { ...shown, comparison: compare(running, running) }
  })
  try {
    planRollout(definition, evidence, NAMES, [])
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

describe('[U13] times that the plan refuses are refused by validate, at their place and in the same words', () => {
  test.each(ROWS)('%s', async (_, times, place, sentence) => {
    expect(sentence).toMatch(new RegExp(`${CANNOT}|never be good`))
    expect({ validated: await validated(times), planned: planned(times) }).toEqual({
      validated: [`${place} ${sentence}`],
      planned: sentence,
    })
  })

  test('times that hold are refused by neither', async () => {
    const said: unknown[] = []
    for (const times of GOOD) said.push({ validated: await validated(times), planned: planned(times) })
    expect(said).toEqual(GOOD.map(() => ({ validated: [], planned: undefined })))
  })
})
