import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { newProject } from './eosflow.ts'
import { inProcess } from './in-process.ts'

/** A good workflow: each mistake is one replacement in it. */
const GOOD = `name: w
params:
  vlan: { type: integer, minimum: 2, maximum: 4094, example: 140 }
  label: { type: string, example: PROD }
  port: { type: interface, default: Ethernet5 }
  nets: { type: list, items: { type: ipPrefix }, default: [10.0.0.0/8] }
targets: role:leaf
change:
  lines:
    - vlan {{ vlan }}
    - '   name {{ label | upper }}'
    - 'interface {{ port }}'
    - '   description {{ device.name }}'
rollout: { waves: [1, 100%], maxFailures: 0 }
steps:
  - snapshot: { state: [interfaces, vlan] }
  - plan
  - approve: { expires: 4h }
  - push: { confirmWithin: 10m }
  - verify: { within: 3m, checks: [interfaces-up, vlans-present: { vlans: ['{{ vlan }}'] }] }
  - confirm
`

/** What is replaced, what it is replaced with, and the line of the workflow at which it is found. */
const MISTAKES: readonly (readonly [string, string, number])[] = [
  // names
  ['{{ vlan }}\n', '{{ vlam }}\n', 10],
  ['{{ label | upper }}', '{{ lable | upper }}', 11],
  ['{{ port }}', '{{ prot }}', 12],
  ['{{ device.name }}', '{{ devise.name }}', 13],
  ['{{ device.name }}', '{{ device.nam }}', 13],
  ['{{ device.name }}', '{{ device.hots }}', 13],
  ["'{{ vlan }}'", "'{{ vlam }}'", 20],
  ["'{{ vlan }}'", "'{{ device.name }}'", 20],
  ['name: w', 'nam: w', 1],
  ['targets:', 'target:', 7],
  ['rollout:', 'rolout:', 14],
  ['maxFailures', 'maxFailure', 14],
  ['confirmWithin', 'confirmWithn', 19],
  ['within:', 'witin:', 20],
  ['checks:', 'check:', 20],
  ['interfaces-up', 'interface-up', 20],
  ['vlans-present', 'vlan-present', 20],
  ['vlans: [', 'vlan: [', 20],
  ['expires', 'expire', 18],
  ['  - confirm', '  - confrim', 21],
  ['  - plan', '  - plann', 17],
  ['state: [interfaces', 'state: [interface', 16],
  // tags and switches
  ['{{ device.name }}', '{{ device.tags.rak }}', 13],
  ['{{ device.name }}', '{{ device.tags.uplink }}', 13],
  ['{{ device.name }}', '{{ device.tags["sit"] }}', 13],
  ['role:leaf', 'role:leef', 7],
  ['role:leaf', 'rol:leaf', 7],
  ['role:leaf', 'leaf9', 7],
  ['role:leaf', 'role:leaf and', 7],
  // files
  ['lines:\n', 'template: templates/no.j2\n  lines:\n', 8],
  // filters and tests
  ['label | upper', 'label | uper', 11],
  ['label | upper', 'label | ansible.utils.ipadr', 11],
  ['label | upper', 'label is arista.avd.define', 11],
  ['label | upper', 'label is definde', 11],
  ['label | upper', 'label | int | no_such', 11],
  ['label | upper', 'label |', 11],
  ['label | upper', 'label + 1', 11],
  ['{{ device.name }}', '{{ device.name', 13],
  ['{{ device.name }}', '{% if vlan %}x', 13],
  ['{{ device.name }}', '{{ nets[3] }}', 13],
  // types
  ['type: integer', 'type: intger', 3],
  ['minimum: 2', 'minimum: two', 3],
  ['example: 140', 'example: 5000', 3],
  ['example: 140', "example: '140'", 3],
  ['type: string, example: PROD', "type: string, pattern: '[A-Z', example: PROD", 4],
  ['type: string, example: PROD', "type: string, pattern: '[a-z]+', example: PROD", 4],
  ['default: Ethernet5', 'default: Eth5', 5],
  ['default: Ethernet5', 'default: Ethernet05', 5],
  ['default: Ethernet5', 'default: Vlan0', 5],
  ['default: Ethernet5', 'default: Vlan4095', 5],
  ['default: [10.0.0.0/8]', 'default: [10.0.0.1/8]', 6],
  ['default: [10.0.0.0/8]', 'default: 10.0.0.0/8', 6],
  // exec words
  ['vlan {{ vlan }}\n', 'reload now\n', 10],
  ['vlan {{ vlan }}\n', 'write memory\n', 10],
  ['vlan {{ vlan }}\n', 'clear counters\n', 10],
  ['vlan {{ vlan }}\n', 'bash rm -rf /\n', 10],
  // timers
  ['confirmWithin: 10m', 'confirmWithin: 1m', 19],
  ['confirmWithin: 10m', 'confirmWithin: 10', 19],
  ['within: 3m', 'within: 20m', 19],
  ['waves: [1, 100%]', 'waves: [0]', 14],
  ['expires: 4h', 'expires: 4hours', 18],
]

interface Found {
  readonly message: string
  readonly at: { readonly file: string; readonly line: number }
}

/** The problems of an answer, whether it is a validation without any or an error that holds them. */
function problemsIn(stdout: string): readonly Found[] {
  const answer = JSON.parse(stdout) as { problems?: Found[]; error?: { problems?: Found[] } }
  const found = answer.problems ?? answer.error?.problems
  if (found === undefined) throw new Error(stdout)
  return found
}

describe('validate', () => {
  test('finds each of 60 mistakes at its line, and none in the workflow without them', async () => {
    const dir = await newProject()
    expect(MISTAKES.length).toBeGreaterThanOrEqual(60)
    const told: (readonly [string, readonly number[]])[] = []
    const all = [['', '', 0] as const, ...MISTAKES]
    for (const [index, [from, to]] of all.entries()) {
      const text = GOOD.replace(from, to)
      if (from !== '') expect(text).not.toBe(GOOD)
      writeFileSync(join(dir, `workflows/w${index}.yaml`), text)
    }
    const files = all.map((_, index) => `workflows/w${index}.yaml`)
    for (const [index, file] of files.entries()) {
      const { stdout } = await inProcess(['validate', file, '--json'], dir)
      const problems = problemsIn(stdout)
      told.push([`${all[index]?.[0]} -> ${all[index]?.[1]}`, [...new Set(problems.map(({ at }) => at.line))]])
    }
    const wrong = told.filter(([, lines], index) => {
      const line = all[index]?.[2]
      return line === 0 ? lines.length > 0 : !lines.includes(line ?? 0)
    })
    expect(wrong).toEqual([])
  })

  test('finds none in the bundled workflows', async () => {
    const dir = await newProject()
    cpSync(fileURLToPath(new URL('../../workflows', import.meta.url)), join(dir, 'workflows'), {
      recursive: true,
      filter: (path) => !path.includes('tests'),
    })
    const { stdout } = await inProcess(['validate', '--json'], dir)
    const problems = problemsIn(stdout)
    const { files = [] } = JSON.parse(stdout) as { files?: { kind: string }[] }
    expect(problems).toEqual([])
    expect(files.filter(({ kind }) => kind === 'workflow')).toHaveLength(9)
  })

  test('finds the file that one switch of several lacks', async () => {
    const dir = await newProject()
    const workflow = GOOD.replace(
      /change:[\s\S]*rollout/,
      "change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }\nrollout",
    )
    const file = join(dir, 'workflows/whole.yaml')
    writeFileSync(file, workflow)
    for (const name of ['leaf1', 'leaf2', 'leaf3']) {
      const path = join(dir, `intended/${name}.cfg`)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `hostname ${name}\nvlan 5\n`)
    }
    const { stdout } = await inProcess(['validate', 'workflows/whole.yaml', '--json'], dir)
    const problems = problemsIn(stdout)
    expect(problems.map(({ message, at }) => [at.line, message])).toEqual([
      [8, 'there is no file workflows/intended/leaf4.cfg and no file intended/leaf4.cfg'],
    ])
  })
})
