import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { exits, inProcess, json, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

/** A workflow of one line for these switches, in full. */
const workflowFor = (targets: string) =>
  `name: w\ntargets: ${targets}\nchange: { lines: [vlan 5] }\nsteps:\n${['snapshot', 'plan', 'push', 'verify: { checks: [reachable] }', 'confirm'].map((step) => `  - ${step}\n`).join('')}`

describe('validate', () => {
  test('counts what it checked', async () => {
    const dir = await newProject()
    expect(await json(exits(0, inProcess('validate --json', dir)))).toEqual({
      version: 1,
      kind: 'validation',
      files: [
        { file: 'eosflow.yaml', kind: 'settings', holds: '' },
        { file: 'inventory.yaml', kind: 'inventory', holds: '6 switches' },
        {
          file: 'workflows/add-vlan.yaml',
          kind: 'workflow',
          holds: 'add-vlan: 4 switches, 7 checks, commit timer 10m',
        },
        { file: 'fabrics/dc1/fabric.yaml', kind: 'fabric', holds: 'dc1: 6 switches, 47 cables' },
        { file: 'tests/add-vlan.test.yaml', kind: 'test', holds: '4 cases' },
      ],
      problems: [],
      warnings: [],
    })
  })

  const machine = (first: string) =>
    JSON.stringify({ StartAt: first, States: { [first]: { Type: 'Pass', End: true } } })

  test('bad habits are warnings, and exit 0', async () => {
    const dir = temporaryFolder()
    const change = "change: { lines: ['vlan 5', 'enable secret abc'] }"
    writeFileSync(join(dir, 'w.yaml'), workflowFor("'*'").replace('change: { lines: [vlan 5] }', change))
    const text = await inProcess('validate w.yaml', dir, 200)
    expect({ code: text.code, stderr: text.stderr }).toEqual({ code: 0, stderr: '' })
    expect(text.stdout).toContain(
      '! w.yaml:3:30: the change touches administration (`enable secret`) and services (`vlan 5`, line 3) in one\n    make two workflows of it',
    )
    expect(text.stdout).toContain('! w.yaml:3:30: this line holds a secret in clear: enable secret <redacted')
    expect(text.stdout).not.toContain('abc')
    expect(text.stdout).toContain('Valid: 1 file, 0 problems, 2 warnings\n')
    const { warnings } = (await json(exits(0, inProcess('validate w.yaml --json', dir)))) as {
      warnings: readonly { code: string; severity: string }[]
    }
    expect(warnings.map(({ code: kind, severity }) => `${severity} ${kind}`)).toEqual([
      'warning mixed-change',
      'warning secret-in-clear',
    ])
  })

  test('a state machine is known by its name or by what it holds', async () => {
    const dir = temporaryFolder({
      'order.json': machine('CheckOrder'),
      'order.asl.yaml': 'StartAt: CheckOrder\nStates:\n  CheckOrder: { Type: Pass, Next: Nowhere }\n',
    })
    const good = await inProcess('validate order.json', dir)
    expect({ code: good.code, stdout: good.stdout }).toEqual({
      code: 0,
      stdout:
        '✔ order.json  machine 1 state from CheckOrder\nValid: 1 file, 0 problems\nNext: eosflow schema workflow\n',
    })
    await warns(3, inProcess('validate order.asl.yaml', dir), "order.asl.yaml:3:35: Missing 'Next' target: Nowhere")
    writeFileSync(join(dir, 'slips.json'), machine('Push'))
    await prints(0, inProcess('validate slips.json', dir), 'the state name `Push` is one word')
  })

  test('a catalog is known by its name or by what it holds', async () => {
    const dir = temporaryFolder({
      'leaf.yaml': 'anta.tests:\n  mlag: [VerifyMlagStatus]\n',
      'own.json': '["reachable", { "vlans-present": { "vlans": 10 } }]',
      'checks.yaml': 'anta.test.mlag:\n  - VerifyMlagStatus:\n',
    })
    const good = await inProcess('validate leaf.yaml own.json', dir)
    expect({ code: good.code, stdout: good.stdout }).toEqual({
      code: 0,
      stdout:
        '✔ leaf.yaml  catalog 1 check\n✔ own.json   catalog 2 checks\nValid: 2 files, 0 problems\nNext: eosflow check run leaf.yaml\n',
    })
    await warns(3, inProcess('validate checks.yaml', dir), 'checks.yaml:1:1: there is no module `anta.test.mlag`')
    const project = await newProject()
    writeFileSync(join(project, 'checks.yaml'), '- reachable: { often: true }\n')
    await warns(3, inProcess('validate', project), 'checks.yaml:1:16: ')
  })

  test('--graph draws one machine', async () => {
    const dir = temporaryFolder({ 'order.json': machine('CheckOrder'), 'w.yaml': workflowFor("'*'") })
    const mermaid = await inProcess('validate order.json --graph mermaid', dir)
    expect({ code: mermaid.code, stderr: mermaid.stderr }).toEqual({ code: 0, stderr: '' })
    expect(mermaid.stdout).toBe(
      'flowchart TD\n  begin(( )) --> s0\n  s0["CheckOrder<br/>Pass"]\n  classDef write stroke-width:3px,font-weight:bold\n',
    )
    const dot = await prints(0, inProcess('validate w.yaml --graph dot --json', dir), 'subgraph cluster_')
    expect(JSON.parse(dot.stdout)).toMatchObject({ version: 1, kind: 'graph', format: 'dot' })
    const both = await inProcess('validate w.yaml order.json --graph dot', dir)
    expect({ code: both.code, stderr: both.stderr }).toMatchObject({ code: 3 })
    expect(both.stderr).toContain('a graph is drawn of one file')
    await warns(3, inProcess('validate w.yaml --graph mermade', dir), 'did you mean `mermaid`?')
  })

  test('tells all problems of all files at once', async () => {
    const dir = await newProject()
    writeFileSync(join(dir, 'inventory.yaml'), 'devices:\n  leaf1: { hots: 10.0.0.1 }\n')
    writeFileSync(
      join(dir, 'workflows/second.yaml'),
      'name: second\ntargets: leaf1\nchange: {}\nsteps: [plan, pusch]\n',
    )
    rmSync(join(dir, 'fabrics/dc1/leaf4/running-config'))
    await warns(
      3,
      inProcess('validate', dir),
      'inventory.yaml:2:12: ',
      'did you mean `host`?',
      'workflows/second.yaml:4:15: there is no step `pusch`',
      'fabrics/dc1/fabric.yaml:12:',
      /\n\d+ problems: nothing was contacted\.\n$/,
    )
  })

  test('a workflow for switches that the inventory does not have is a problem', async () => {
    const dir = await newProject()
    const workflow = join(dir, 'workflows/w.yaml')
    writeFileSync(workflow, workflowFor('role:edge'))
    await warns(3, inProcess(['validate', workflow], dir), 'workflows/w.yaml:2:10: no switch has `role:edge`')
  })

  test.each([
    [
      'keepApart: rakc',
      'w.yaml:4:23: no switch of inventory.yaml has a tag `rakc`: `keepApart` would keep nothing apart\n    known here: `role`, `site`, `asn`, `loopback`, `mlag`, `none`\n',
    ],
    ['keepApart: malg', 'would keep nothing apart\n    did you mean `mlag`?\n'],
    [
      'canary: { switches: 9 }',
      'w.yaml:4:32: 9 canaries of 4 switches (role:leaf)\n    write how many go first, at most 4, or name them\n',
    ],
  ])('what the switches of the inventory cannot meet is refused by validate and by plan: %s', async (rollout, says) => {
    const dir = await newProject()
    const text = workflowFor('role:leaf').replace('steps:', `rollout: { ${rollout} }\nsteps:`)
    writeFileSync(join(dir, 'w.yaml'), text)
    await warns(3, inProcess('validate w.yaml', dir, 200), says)
    await warns(3, inProcess('plan w.yaml --offline fabrics/dc1', dir, 200), says)
  })

  test('a tag that no two of the switches share keeps nothing apart: a warning', async () => {
    const dir = await newProject()
    const warningOf = async (targets: string, tag: string) => {
      const text = workflowFor(targets)
        .replace('steps:', `rollout: { keepApart: ${tag} }\nsteps:`)
        .replace('- push\n', '- push: { confirmWithin: 30m }\n')
      writeFileSync(join(dir, 'w.yaml'), text)
      const { code, stdout } = await inProcess('validate w.yaml --json', dir)
      const { warnings } = JSON.parse(stdout) as { warnings: readonly { message: string; at: { column: number } }[] }
      return { code, warnings: warnings.map(({ message, at }) => `${at.column} ${message}`) }
    }
    expect(await warningOf('role:leaf', 'loopback')).toEqual({
      code: 0,
      warnings: [
        '23 `keepApart: loopback` keeps none of these 4 switches apart: no two of them have the same `loopback`',
      ],
    })
    // Those of one site share it; one switch has nobody to be kept apart from; MLAG peers show themselves.
    expect(await warningOf('role:leaf', 'site')).toEqual({ code: 0, warnings: [] })
    expect(await warningOf('leaf1', 'loopback')).toEqual({ code: 0, warnings: [] })
    expect(await warningOf('role:spine', 'mlag')).toEqual({ code: 0, warnings: [] })
  })

  test.each([
    ['beside a parameter', "'{% if device.tags.asn == 65101 %}vlan {{ vlan }}{% endif %}'", '✖ w.yaml:4:42'],
    [
      'behind a line with a parameter',
      "'vlan {{ vlan }}', '{% if device.tags.asn == 65101 %}hostname x{% endif %}'",
      '✖ w.yaml:4:61',
    ],
    ['in a template that sets names', 'template', '✖ a.j2:2:23'],
  ])('a tag that is compared with a number is a problem before values are given: %s', async (_, lines, place) => {
    const dir = await newProject()
    const change = lines === 'template' ? '{ template: a.j2 }' : `{ lines: [${lines}] }`
    writeFileSync(
      join(dir, 'a.j2'),
      '{% set x = vlan %}\n{% if device.tags.asn == 65101 %}\nvlan {{ vlan }}\n{% endif %}\n',
    )
    const text = workflowFor('leaf1').replace('change: { lines: [vlan 5] }', `change: ${change}`)
    writeFileSync(join(dir, 'w.yaml'), text.replace('targets:', 'params: { vlan: { type: integer } }\ntargets:'))
    const { stderr } = await exits(3, inProcess('validate w.yaml', dir, 200))
    expect(stderr).toBe(`${place}: the text '65101' is compared with the number 65101: they are never equal
    compare a text with a text, or make a number of it: \`|int\`
1 problem: nothing was contacted.
`)
  })

  test('what values that nobody gave make of a change is a warning and no problem', async () => {
    const dir = await newProject()
    // With one VLAN it divides by zero: who gives them decides. `x` is the template's own name for them.
    writeFileSync(join(dir, 'a.j2'), '{% set x = vlans %}\nvlan {{ 10 // (x|length - 1) }}\n')
    const text = workflowFor('leaf1').replace('change: { lines: [vlan 5] }', 'change: { template: a.j2 }')
    const params = 'params: { vlans: { type: list, items: { type: integer } } }\ntargets:'
    writeFileSync(join(dir, 'w.yaml'), text.replace('targets:', params))
    await prints(
      0,
      inProcess('validate w.yaml', dir, 200),
      'the change was not rendered: `vlans` has neither `default` nor `example`',
    )
  })

  test.each([
    [
      "{ command: show version, that: 'memFree >' }",
      'Unexpected end of expression',
      'for example `"memFree > 100000"`',
    ],
    ["{ command: reload, that: 'true' }", 'its command must begin with `show `', 'for example `"show version"`'],
    ["{ command: show version, that: 'true', revision: 0 }", '`revision` must be at least 1', 'write 1 or more'],
  ])('an assertion that is not one is named with what is expected: %s', async (assertion, message, hint) => {
    const dir = temporaryFolder()
    const text = workflowFor("'*'").replace('checks: [reachable]', `checks: [assert: ${assertion}]`)
    writeFileSync(join(dir, 'w.yaml'), text)
    await warns(3, inProcess('validate w.yaml', dir, 200), message, `\n    ${hint}\n`)
  })

  test('a pattern that comes back again and again is matched all the same, and at once', async () => {
    const dir = await newProject()
    const params = (example: string) =>
      `params: { label: { type: string, pattern: '(a+)+b', example: ${example} } }\ntargets:`
    const workflowWith = (example: string) =>
      writeFileSync(join(dir, 'w.yaml'), workflowFor('leaf1').replace('targets:', params(example)))
    workflowWith('a'.repeat(44))
    const refused = await inProcess('validate w.yaml', dir)
    expect(refused.stderr).toContain('does not match (a+)+b')
    workflowWith(`${'a'.repeat(44)}b`)
    const taken = await inProcess('validate w.yaml', dir)
    expect({ code: taken.code, stderr: taken.stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('named files only, a fabric by its folder', async () => {
    const dir = await newProject()
    await prints(0, inProcess('validate fabrics/dc1 inventory.yaml', dir), 'Valid: 2 files, 0 problems\n')
    await warns(
      3,
      inProcess('validate workflows/none.yaml', dir),
      'workflows/none.yaml:1:1: there is no such file in the project',
    )
  })

  test('a policy is judged like the rest, and told with its place', async () => {
    const dir = await newProject()
    writeFileSync(join(dir, 'policy.yaml'), 'version: 1\nroles: { operator: { members: ["corp:group:netops"] } }\n')
    await prints(0, inProcess('validate', dir), 'policy 1 role, 0 rules, 0 tests')
    writeFileSync(join(dir, 'policy.yaml'), 'version: 1\nrules:\n  - { id: a, allow: [task.push], to: [operater] }\n')
    await warns(3, inProcess('validate', dir), 'policy.yaml:3:39: there is no role `operater`')
  })

  test.each<[string, string, string]>(
    everyNth(3, 'demands on the other side', [
      [
        'lines that may take a switch or an uplink down are named',
        "change: { mode: merge, lines: ['interface Ethernet1', '   shutdown', '   mtu 9000', 'router bgp 65101', '   shutdown'] }",
        '; what backs a switch up is asked before `interface Ethernet1 > shutdown`, `interface Ethernet1 > mtu 9000` and 1 more, which may take it or an uplink down',
      ],
      ['a VLAN is harmless', "change: { mode: merge, lines: ['vlan 140', '   name X'] }", ''],
      [
        'a description is harmless, and so is the command above it',
        "change: { mode: merge, lines: ['interface Ethernet10', '   description X', 'interface Ethernet11', '   no description'] }",
        '',
      ],
      [
        'a port that is reset is not',
        "change: { mode: merge, lines: ['default interface Ethernet10', 'interface Ethernet10', '   description X'] }",
        '; what backs a switch up is asked before `default interface Ethernet10`, which may take it or an uplink down',
      ],
      [
        'nothing is asked with `fitness: off`',
        "change: { mode: merge, lines: ['interface Ethernet1', '   shutdown'] }\nrollout: { fitness: off }",
        '',
      ],
    ]),
  )('[3C6] of the other side: %s', async (_what, change, says) => {
    const dir = await newProject()
    const steps =
      'steps:\n  - snapshot\n  - plan\n  - approve\n  - push\n  - verify: { checks: [reachable] }\n  - confirm\n'
    writeFileSync(join(dir, 'workflows/w.yaml'), `name: w\ntargets: leaf1\n${change}\n${steps}`)
    expect((await json(exits(0, inProcess('validate workflows/w.yaml --json', dir)))).files[0].holds).toBe(
      `w: 1 switch, 1 check, commit timer 10m${says}`,
    )
  })

  test('without a project a named file is checked, and nothing else', async () => {
    const dir = temporaryFolder()
    mkdirSync(join(dir, 'workflows'))
    writeFileSync(join(dir, 'workflows/w.yaml'), workflowFor("'*'"))
    await prints(0, inProcess('validate workflows/w.yaml', dir), 'workflow w: *, 1 check, commit timer 10m')
    expect((await inProcess('validate', dir)).stderr).toContain('there is no eosflow.yaml in this folder or above it')
  })
})
