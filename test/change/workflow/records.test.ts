import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { varsOf } from '../../../src/change/inventory/device-vars.ts'
import { plainValue } from '../../../src/change/roster/rendered-roster.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { sampleParams } from '../../../src/change/workflow/definition/sample.ts'
import { readParamFile, readParams, readParamsFile } from '../../../src/change/workflow/param/read.ts'
import { changeLines } from '../../../src/change/workflow/template/change.ts'
import { knownChecks } from '../../../src/eos/check/builtin/known-checks.ts'
import type { Json } from '../../../src/model/json.ts'
import { locatedNowhere, problemsOf } from '../../../src/text/source/located.ts'
import { linesOf, table } from '../../table.ts'
import { sightOf } from './states-file.ts'

/** The example of the documentation: workflow, template, CSV, and the lines that leaf1 gets. */
const PAGE = readFileSync(new URL('../../../docs/workflow.md', import.meta.url), 'utf8')
const SECTION = PAGE.slice(PAGE.indexOf('### Tables and objects'), PAGE.indexOf('\n## targets'))
const [WORKFLOW = '', TEMPLATE = '', CSV = '', LINES = ''] = [...SECTION.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(
  ([, text]) => text ?? '',
)

const FILES = (path: string) => (path === 'ports.j2' ? TEMPLATE : undefined)

const compiled = (text: string) =>
  compileWorkflow(text, 'w.yaml', { files: FILES, checks: knownChecks, policyPresent: false })

function workflowOf(text = WORKFLOW) {
  const made = compiled(text)
  if (!made.ok) throw new Error(JSON.stringify(made.problems))
  return made.value
}

const withParams = (params: string) =>
  `name: w\nparams:\n${params}\ntargets: leaf1\nchange: { lines: [vlan 2] }\nsteps: [snapshot, plan, approve, push, { verify: { checks: [reachable] } }, confirm]\n`

/** The rows of the table of the example, or the problems as a person reads them. */
function rowsOf(content: string | Uint8Array, file: string) {
  const workflow = workflowOf()
  const { ports } = workflow.params
  if (ports === undefined) throw new Error('no ports')
  const given = readParamFile(content, file, ports)
  const read = given.ok ? readParams(workflow, { ports: given.value }) : given
  if (read.ok) return (read.value as { ports: Json }).ports
  return read.problems.map(({ at, message }) => `${at.file}:${at.line}:${at.column}: ${message}`)
}

const ROWS = [
  { switch: 'leaf1', port: 'Ethernet5', vlan: 110, label: 'Server 17', speed: '25g' },
  { switch: 'leaf1', port: 'Ethernet6', vlan: 110, speed: 'auto' },
  { switch: 'leaf2', port: 'Ethernet5', vlan: 120, label: 'Server 18', speed: 'auto' },
]

describe('a table', () => {
  test('the example of the page renders as the page says', () => {
    const workflow = workflowOf()
    const at = { file: 'inventory.yaml', line: 1, column: 1 }
    const device = {
      name: 'leaf1',
      host: '192.0.2.1',
      port: 443,
      transport: 'eapi' as const,
      protocol: 'https' as const,
      tls: { mode: 'system' as const },
      credentials: 'op',
      tags: {},
      groups: [],
      vars: varsOf({ name: 'leaf1', at, groups: [], layers: [] }, plainValue),
    }
    const made = changeLines(workflow, { ports: rowsOf(CSV, 'ports.csv') as Json }, sightOf(device), FILES)
    expect(made.ok && made.value.lines.map((line) => `${line}\n`).join('')).toBe(LINES)
    expect(LINES.split('\n')).toHaveLength(8)
  })

  test.each([
    ['CSV', 'ports.csv', CSV],
    [
      'CSV of another order, with semicolons',
      'ports.txt',
      'vlan;port;switch;speed;label\n110;Ethernet5;leaf1;25g;Server 17\n110;Ethernet6;leaf1;;\n120;Ethernet5;leaf2;;"Server 18"\n',
    ],
    ['YAML', 'ports.yaml', JSON.stringify(ROWS)],
    ['JSON', 'ports.JSON', JSON.stringify(ROWS)],
  ])('is read from %s', (_what, file, text) => {
    expect(rowsOf(text, file)).toEqual(ROWS)
  })

  test('columns that may be absent need not be in the header', () => {
    expect(rowsOf('switch,port,vlan\nleaf1,Ethernet5,110\n', 'p.csv')).toEqual([
      { switch: 'leaf1', port: 'Ethernet5', vlan: 110, speed: 'auto' },
    ])
  })

  test('every cell that does not fit is said at its place, all at once', () => {
    const text =
      'switch,port,vlan,label,speed\nleaf1,Ethernet5,5000,a;b,25g\n,eth6,010,,1g\nleaf1,Ethernet7,1e2,,\nleaf1,Ethernet8,-1,"two\nlines",\n'
    expect(rowsOf(text, 'ports.csv')).toEqual(
      linesOf(`
      ports.csv:2:17: the parameter \`ports[0].vlan\`: must be at most 4094, not 5000
      ports.csv:2:22: the parameter \`ports[0].label\`: "a;b" does not match [A-Za-z0-9 _-]{1,40}
      ports.csv:3:1: the parameter \`ports[1]\`: \`switch\` is not given
      ports.csv:3:2: the parameter \`ports[1].port\`: "eth6" is not the full name of an interface
      ports.csv:3:7: the parameter \`ports[1].vlan\`: must be a whole number, not "010"
      ports.csv:3:12: the parameter \`ports[1].speed\`: must be one of auto, 10g, 25g
      ports.csv:4:17: the parameter \`ports[2].vlan\`: must be a whole number, not "1e2"
      ports.csv:5:17: the parameter \`ports[3].vlan\`: must be at least 2, not -1
      ports.csv:5:21: the parameter \`ports[3].label\`: must be one line of plain text, without the invisible character U+000A
    `),
    )
  })

  test.each([
    [
      'a row twice',
      `${CSV}leaf1,Ethernet6,130,,\n`,
      ['ports.csv:5:1: the parameter `ports[3].switch`: leaf1, Ethernet6 is in row 2 already'],
    ],
    [
      'columns that are unknown or missing',
      'switch,prot,vlan\nleaf1,Ethernet5,1\n',
      ['ports.csv:1:1: the column `port` is not there', 'ports.csv:1:8: the table has no column `prot`'],
    ],
    ['no row', 'switch,port,vlan\n', ['ports.csv:1:1: the parameter `ports`: must have at least 1 rows, not 0']],
    [
      'another file',
      'root:x:0:0:root:/root:/bin/bash\n',
      [
        'ports.csv:1:1: the table has no column `root:x:0:0:root:/root:/bin/bash`',
        'ports.csv:1:1: the column `switch` is not there',
        'ports.csv:1:1: the column `port` is not there',
        'ports.csv:1:1: the column `vlan` is not there',
      ],
    ],
  ])('%s is refused', (_what, text, expected) => {
    expect(rowsOf(text, 'ports.csv')).toEqual(expected)
  })

  test.each([
    ['{ a: 1 }', ['ports.yaml:1:1: the parameter `ports`: must be a list of rows']],
    [
      '[1, [2]]',
      [
        'ports.yaml:1:2: the parameter `ports[0]`: must be a mapping with switch, port, vlan, label, speed',
        'ports.yaml:1:5: the parameter `ports[1]`: must be a mapping with switch, port, vlan, label, speed',
      ],
    ],
    [
      '[{ switch: leaf1, port: Ethernet5, vlan: 010, colour: red }]',
      [
        'ports.yaml:1:42: the parameter `ports[0].vlan`: 010 is another way to write 10, and may be meant otherwise',
        'ports.yaml:1:55: the parameter `ports[0].colour`: there is no column `colour`',
      ],
    ],
    [
      '[{ switch: leaf1, port: Ethernet5, vlan: "110" }]',
      ['ports.yaml:1:42: the parameter `ports[0].vlan`: must be a whole number, not "110"'],
    ],
    [
      '[{ switch: leaf1, port: Ethernet5, vlan: 110, label: null }]',
      ['ports.yaml:1:54: the parameter `ports[0].label`: must be text, not null'],
    ],
  ])('as YAML: %s is refused', (text, expected) => {
    expect(rowsOf(text, 'ports.yaml')).toEqual(expected)
  })

  test('ten thousand rows are read, and of many faults the first hundred are told', { tags: ['long', 'turn'] }, () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => `leaf${index},Ethernet5,110,,`)
    const begun = performance.now()
    expect(rowsOf(`switch,port,vlan,label,speed\n${rows.join('\n')}\n`, 'ports.csv')).toHaveLength(10_000)
    expect(performance.now() - begun).toBeLessThan(5_000)
    const bad = rowsOf(
      `switch,port,vlan,label,speed\n${rows.join('\n').replaceAll('110', '1')}\n`,
      'ports.csv',
    ) as string[]
    expect(bad).toHaveLength(101)
    expect(bad).toContain('ports.csv:1:1: the parameter `ports`: has 9900 values more that do not fit')
  })

  test('as a text behind -p or in a request: JSON, YAML or CSV, and never a file', () => {
    const read = (text: string) => {
      const made = readParams(workflowOf(), { ports: text })
      return made.ok ? (made.value as { ports: Json }).ports : made.problems.map(({ message }) => message)
    }
    expect(read(JSON.stringify(ROWS))).toEqual(ROWS)
    expect(read('- { switch: leaf1, port: Ethernet5, vlan: 2 }')).toMatchObject([{ vlan: 2 }])
    expect(read(CSV)).toEqual(ROWS)
    for (const file of ['@/etc/passwd', '@ports.csv', '@-'])
      expect(read(file)).toEqual([`\`${file}\`: a file is named on a command line alone`])
  })

  test('in the file of --params, and as values of a program', () => {
    const given = readParamsFile(`ports: ${JSON.stringify(ROWS)}\n`, 'params.yaml')
    const read = given.ok ? readParams(workflowOf(), given.value) : given
    expect(read).toEqual({ ok: true, value: { ports: ROWS } })
    // As a plan has them.
    expect(readParams(workflowOf(), { ports: locatedNowhere(ROWS, 'params.ports') })).toEqual({
      ok: true,
      value: { ports: ROWS },
    })
  })

  test('without a value a row is made up, of which each cell fits', () => {
    expect(sampleParams(workflowOf(), {})).toMatchObject({
      ok: true,
      value: {
        values: { ports: [{ switch: 'x1', port: 'Ethernet1', vlan: 2, label: 'x1', speed: 'auto' }] },
        invented: ['ports'],
      },
    })
  })

  test.each(table`
    columns: {}                                                  3:37 invalid-value
    columns: { items: { type: string } }                         3:39 invalid-key
    columns: { a: { type: list, items: { type: string } } }      3:50 invalid-value
    columns: { a: { type: integer, minimum: 5, maximum: 4 } }    3:68 no-value-fits
    columns: { a: { type: string, pattern: "(" } }               3:68 bad-pattern
    columns: { a: { type: integer, maximum: 9, default: 10 } }   3:80 bad-parameter
    columns: { a: { type: integer } }, key: b                    3:68 unknown-column
    columns: { a: { type: integer, optional: true } }, key: [a]  3:85 optional-key
    columns: { a: { type: integer } }, minRows: 3, maxRows: 2    3:72 no-value-fits
    columns: { a: { type: integer } }, maxRows: 10001            3:72 invalid-value
    columns: { a: { type: integer } }, default: [{ a: x }]       3:78 bad-parameter
    columns: { a: { type: integer } }, example: [{}]             3:73 bad-parameter
  `)('declared with %s it is refused at its place', (declared, expected) => {
    const problems = problemsOf(compiled(withParams(`  rows: { type: table,     ${declared} }`)))
    expect(problems.map(({ at, code }) => `${at.line}:${at.column} ${code}`)).toEqual(linesOf(expected))
  })
})

describe('an object', () => {
  const read = (declared: string, text: string) => {
    const made = readParams(workflowOf(withParams(`  o: { type: object${declared} }`)), { o: text })
    return made.ok ? (made.value as { o: Json }).o : made.problems.map(({ message }) => message)
  }

  test.each([
    [
      '',
      '{ area: 0, networks: [10.0.0.0/24, { a: null }], on: true, load: 1.5 }',
      { area: 0, networks: ['10.0.0.0/24', { a: null }], on: true, load: 1.5 },
    ],
    ['', '{}', {}],
    [
      ', properties: { asn: { type: integer }, peer: { type: ipAddress, optional: true } }',
      '{ asn: 65001 }',
      { asn: 65001 },
    ],
    [
      ', properties: { asn: { type: integer, default: 1 }, peer: { type: ipAddress } }',
      'peer: 2001:DB8::1',
      { asn: 1, peer: '2001:db8::1' },
    ],
  ])('declared with %j takes %s', (declared, text, expected) => {
    expect(read(declared, text)).toEqual(expected)
  })

  test.each([
    ['', '[1]', ['the parameter `o`: must be a mapping']],
    ['', 'text', ['the parameter `o`: must be a mapping']],
    ['', '{ a: [010] }', ['the parameter `o.a[0]`: 010 is another way to write 10']],
    [
      '',
      '{ a: "x\\ny", b: { "c\\u202e": 1 } }',
      [
        'the parameter `o.a`: must be one line of plain text, without the invisible character U+000A',
        'the parameter `o.b`: a name in it must be one line of plain text, without the invisible character U+202E',
      ],
    ],
    [
      ', properties: { asn: { type: integer } }',
      '{ ans: 1 }',
      ['the parameter `o`: `asn` is not given', 'the parameter `o.ans`: there is no property `ans`'],
    ],
    [
      ', properties: { asn: { type: integer } }',
      '@/etc/passwd',
      ['`@/etc/passwd`: a file is named on a command line alone'],
    ],
  ])('declared with %j refuses %s', (declared, text, expected) => {
    expect(read(declared, text)).toEqual(expected.map((said) => expect.stringContaining(said)))
  })
})
