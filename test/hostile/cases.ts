import { LEAST } from '../change/workflow/states-file.ts'

/** Files of a project by their path from its root. */
export type ProjectFiles = Readonly<Record<string, string | Uint8Array>>

/** The workflow of the well-formed project. */
export const WORKFLOW = `name: add-vlan
params:
  vlan:  { type: integer, minimum: 2, maximum: 4094 }
  label: { type: string, pattern: '[A-Z0-9-]{1,32}' }
targets: role:leaf
change: { mode: merge, template: vlan.j2 }
rollout: { waves: [1, 100%], keepApart: mlag }
steps:
  - snapshot: { state: [interfaces, bgp] }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify:
      within: 4m
      checks: [reachable, interfaces-up]
  - confirm
`

const TEMPLATE = `vlan {{ vlan }}
   name {{ label }}
`

/** Its inventory. */
export const INVENTORY = `defaults: { protocol: http, credentials: sim }
credentials:
  sim: { username: admin, password: admin, simulated: true }
devices:
  leaf1: { host: 127.0.0.1, port: 18081, tags: { role: leaf, mlag: pair1 } }
  leaf2: { host: 127.0.0.1, port: 18082, tags: { role: leaf, mlag: pair1 } }
`

/** Its fabric. */
export const FABRIC = `version: 1
name: two
devices:
  leaf1: { eos: 4.32.2F }
  leaf2: { eos: 4.32.2F }
cabling:
  - leaf1:Ethernet1 - leaf2:Ethernet1
`

const RUNNING = (name: string) => `hostname ${name}\n!\ninterface Ethernet1\n!\nend\n`

/** A small project that is well formed: every case breaks one thing of it. */
export const PROJECT: ProjectFiles = {
  'workflows/w.yaml': WORKFLOW,
  'workflows/vlan.j2': TEMPLATE,
  'inventory.yaml': INVENTORY,
  'params.yaml': 'vlan: 120\nlabel: PROD\n',
  'fabrics/two/fabric.yaml': FABRIC,
  'fabrics/two/leaf1/running-config': RUNNING('leaf1'),
  'fabrics/two/leaf2/running-config': RUNNING('leaf2'),
}

/** One malformed input: what is put over PROJECT (`project.ts`), and what must be said about it. */
export interface MalformedCase {
  readonly name: string
  /** Which input is malformed, and so which reader or command must refuse it. */
  readonly kind: 'workflow' | 'template' | 'parameters' | 'inventory' | 'fabric' | 'catalog' | 'plan'
  /** Files that replace or join those of PROJECT (`project.ts`). */
  readonly files: ProjectFiles
  /** `-p` flags beside `--params params.yaml`. */
  readonly given?: Readonly<Record<string, string>>
  readonly expect: {
    readonly file: string
    readonly line: number
    readonly column: number
    /** A word of the hint. */
    readonly hint: string
  }
}

const edited = (text: string, from: string, to: string) => {
  if (!text.includes(from)) throw new Error(`no ${from} in the text to edit`)
  return text.replace(from, to)
}

const workflow = (from: string, to: string) => ({ 'workflows/w.yaml': edited(WORKFLOW, from, to) })
const template = (text: string) => ({ 'workflows/vlan.j2': text })
const inventory = (from: string, to: string) => ({ 'inventory.yaml': edited(INVENTORY, from, to) })
const fabric = (from: string, to: string) => ({ 'fabrics/two/fabric.yaml': edited(FABRIC, from, to) })
const plan = (text: string | Uint8Array) => ({ 'saved.plan': text })

const catalog = (text: string | Uint8Array) => ({ 'checks.yaml': text })

const at = (file: string, line: number, column: number, hint: string) => ({
  file,
  line,
  column,
  hint,
})
const inWorkflow = (line: number, column: number, hint: string) => at('workflows/w.yaml', line, column, hint)
const inTemplate = (line: number, column: number, hint: string) => at('workflows/vlan.j2', line, column, hint)
const inParams = (line: number, column: number, hint: string) => at('params.yaml', line, column, hint)
const inInventory = (line: number, column: number, hint: string) => at('inventory.yaml', line, column, hint)
const inFabric = (line: number, column: number, hint: string) => at('fabrics/two/fabric.yaml', line, column, hint)
const inCatalog = (line: number, column: number, hint: string) => at('checks.yaml', line, column, hint)
const inPlan = (line: number, column: number, hint: string) => at('saved.plan', line, column, hint)

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d)
const GZIP = Uint8Array.of(0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0)

const ROWS: readonly (readonly [
  name: string,
  kind: MalformedCase['kind'],
  files: ProjectFiles,
  expect: MalformedCase['expect'],
  given?: MalformedCase['given'],
])[] = [
  // Workflows
  ['an empty workflow', 'workflow', { 'workflows/w.yaml': '' }, inWorkflow(1, 1, 'eosflow init')],
  ['a picture as workflow', 'workflow', { 'workflows/w.yaml': PNG }, inWorkflow(1, 1, 'UTF-8')],
  ['a misspelt key', 'workflow', workflow('targets:', 'tragets:'), inWorkflow(5, 1, 'targets')],
  [
    'a key that is not built yet',
    'workflow',
    workflow('rollout:', 'redrive: {}\nrollout:'),
    inWorkflow(7, 1, 'refused, never ignored'),
  ],
  [
    'steps and states at once',
    'workflow',
    workflow('steps:', 'startAt: A\nstates: {}\nsteps:'),
    inWorkflow(9, 1, 'delete `steps`, or `states`'),
  ],
  [
    'a state that leads to a misspelt one',
    'workflow',
    { 'workflows/w.yaml': edited(LEAST, 'Next: MakePlan', 'Next: MakePlna') },
    inWorkflow(6, 65, 'did you mean `MakePlan`?'),
  ],
  [
    'an expression that cannot be parsed',
    'workflow',
    { 'workflows/w.yaml': edited(LEAST, 'Type: Succeed', "Type: Succeed, Output: '{% 1 + %}'") },
    inWorkflow(39, 34, 'see its brackets and quotes'),
  ],
  [
    'a machine that can leave a switch unconfirmed',
    'workflow',
    { 'workflows/w.yaml': edited(LEAST, 'Next: CheckTimers', 'Next: Done') },
    inWorkflow(39, 3, '`verify`, `ready`, `confirm` and `save`'),
  ],
  ['an unknown step', 'workflow', workflow('- confirm\n', '- confrim\n'), inWorkflow(16, 5, 'confirm')],
  [
    'a step out of order',
    'workflow',
    workflow('  - plan\n  - approve\n', '  - approve\n  - plan\n'),
    inWorkflow(10, 5, 'move `plan`'),
  ],
  [
    'a wait between push and verify',
    'workflow',
    workflow('10m }\n', '10m }\n  - wait: 30s\n'),
    inWorkflow(13, 5, 'stableFor'),
  ],
  ['an unknown check', 'workflow', workflow('interfaces-up', 'interface-up'), inWorkflow(15, 27, 'interfaces-up')],
  [
    'a check without its state area',
    'workflow',
    workflow('[interfaces, bgp]', '[bgp]'),
    inWorkflow(15, 27, 'interfaces'),
  ],
  ['an unknown state area', 'workflow', workflow('bgp]', 'bpg]'), inWorkflow(9, 37, 'bgp')],
  ['a duration without unit', 'workflow', workflow('within: 4m', 'within: 120'), inWorkflow(14, 15, '120s')],
  [
    'a timer that cannot hold',
    'workflow',
    workflow('confirmWithin: 10m', 'confirmWithin: 2m'),
    inWorkflow(12, 28, 'confirmWithin'),
  ],
  [
    'an approval that only a policy can keep',
    'workflow',
    workflow('- approve', '- approve: { from: [net-leads] }'),
    inWorkflow(11, 16, 'policy.yaml'),
  ],
  [
    'two sources of change',
    'workflow',
    workflow('template: vlan.j2', 'template: vlan.j2, lines: [vlan 1]'),
    inWorkflow(6, 1, 'exactly one'),
  ],
  ['a template that is not there', 'workflow', workflow('vlan.j2', 'vlna.j2'), inWorkflow(6, 34, 'relative to')],
  [
    'a template outside the project',
    'workflow',
    workflow('vlan.j2', '../../../etc/passwd'),
    inWorkflow(6, 34, 'inside the project'),
  ],
  ['a percentage above all', 'workflow', workflow('100%', '150%'), inWorkflow(7, 23, '50%')],
  ['a selector that does not end', 'workflow', workflow('role:leaf', 'role:leaf and'), inWorkflow(5, 23, 'tag:value')],
  ['a tag that no switch has', 'workflow', workflow('role:leaf', 'role:laef'), inWorkflow(5, 10, 'leaf')],
  ['a key twice', 'workflow', workflow('rollout:', 'change: {}\nrollout:'), inWorkflow(7, 1, 'delete one')],
  ['a tab as indentation', 'workflow', workflow('  vlan:  {', '\tvlan:  {'), inWorkflow(3, 1, 'spaces')],
  [
    'an unquoted template expression',
    'workflow',
    workflow('template: vlan.j2', 'lines: [{{ vlan }}]'),
    inWorkflow(6, 32, 'quotes'),
  ],
  ['a hundred brackets', 'workflow', workflow('role:leaf', '['.repeat(100)), inWorkflow(5, 73, 'flatten')],
  // Templates
  ['an undefined name', 'template', template('vlan {{ vlan }}\n   name {{ lable }}\n'), inTemplate(2, 12, 'label')],
  ['a block that does not end', 'template', template('{% if vlan %}\nvlan {{ vlan }}\n'), inTemplate(1, 4, 'endif')],
  [
    'a filter that does not fit',
    'template',
    template('vlan {{ vlan }}\nip route {{ label | ipmath(1) }} Null0\n'),
    inTemplate(2, 21, 'ipmath'),
  ],
  [
    'a loop without end',
    'template',
    template('{% for a in range(9999) %}\n{% for b in range(9999) %}\n{% endfor %}\n{% endfor %}\n'),
    inTemplate(2, 4, 'loop'),
  ],
  ['an archive as template', 'template', { 'workflows/vlan.j2': GZIP }, inTemplate(1, 2, 'UTF-8')],
  [
    'an invisible character in a template',
    'template',
    template('vlan {{ vlan }}\n   name a\u202eb\n'),
    inTemplate(2, 10, 'seen'),
  ],
  // Parameters
  ['an empty file of parameters', 'parameters', { 'params.yaml': '' }, inParams(1, 1, 'eosflow init')],
  ['a value out of bounds', 'parameters', { 'params.yaml': 'label: PROD\nvlan: 5000\n' }, inParams(2, 7, '4094')],
  [
    'a value of the wrong type',
    'parameters',
    { 'params.yaml': 'vlan: "120"\nlabel: PROD\n' },
    inParams(1, 7, 'without quotes'),
  ],
  [
    'a value against its pattern',
    'parameters',
    { 'params.yaml': 'vlan: 120\nlabel: prod web\n' },
    inParams(2, 8, 'PROD-WEB'),
  ],
  [
    'an unknown parameter',
    'parameters',
    { 'params.yaml': 'vlan: 120\nlabel: PROD\nlabl: X\n' },
    inParams(3, 1, 'label'),
  ],
  ['a missing parameter', 'parameters', { 'params.yaml': 'vlan: 120\n' }, inWorkflow(4, 3, '-p label=')],
  ['a flag that is no number', 'parameters', {}, at('-p vlan', 1, 1, 'digits'), { vlan: 'many' }],
  // Inventories
  ['an empty inventory', 'inventory', { 'inventory.yaml': '' }, inInventory(1, 1, 'eosflow init')],
  ['a password in clear text', 'inventory', inventory(', simulated: true', ''), inInventory(3, 37, 'EOSFLOW_RW')],
  [
    'plain http to a real switch',
    'inventory',
    inventory('127.0.0.1, port: 18082', '10.0.0.12'),
    inInventory(1, 23, 'https'),
  ],
  [
    'a transport that there is not',
    'inventory',
    inventory('port: 18081', 'transport: telnet'),
    inInventory(5, 40, 'known here: `eapi`, `ssh`'),
  ],
  [
    'an unknown credential',
    'inventory',
    inventory('credentials: sim }', 'credentials: sym }'),
    inInventory(1, 42, 'sim'),
  ],
  ['one address twice', 'inventory', inventory('18082', '18081'), inInventory(6, 18, 'its own address')],
  ['a port that is none', 'inventory', inventory('18081', '180811'), inInventory(5, 35, '443')],
  // Fabrics
  ['an empty fabric', 'fabric', { 'fabrics/two/fabric.yaml': '# nothing\n' }, inFabric(1, 1, 'eosflow init')],
  ['a misspelt key of a fabric', 'fabric', fabric('cabling:', 'cablign:'), inFabric(6, 1, 'cabling')],
  [
    'a switch without its configuration',
    'fabric',
    fabric('leaf2: { eos: 4.32.2F }', 'leaf2: { eos: 4.32.2F, config: leaf9/running-config }'),
    inFabric(5, 26, 'fabric.yaml'),
  ],
  ['an object-machinery key', 'fabric', fabric('cabling:', '__proto__: {}\ncabling:'), inFabric(6, 1, 'rename')],
  // Catalogs of checks
  ['an empty catalog', 'catalog', catalog(''), inCatalog(1, 1, 'eosflow init')],
  ['binary bytes as catalog', 'catalog', catalog(PNG), inCatalog(1, 1, 'UTF-8')],
  [
    'a module that does not exist',
    'catalog',
    catalog('anta.tests.mlga:\n  - VerifyMlagStatus:\n'),
    inCatalog(1, 1, 'anta.tests.mlag'),
  ],
  [
    'a module in Python',
    'catalog',
    catalog('anta.tests.mlag:\n  - VerifyMlagStatus:\nours.checks:\n  - VerifyRacks:\n'),
    inCatalog(3, 1, 'Python'),
  ],
  [
    'a misspelt check',
    'catalog',
    catalog('anta.tests.mlag:\n  - VerifyMlagStatsu:\n'),
    inCatalog(2, 5, 'VerifyMlagStatus'),
  ],
  [
    'a check in another module than its own',
    'catalog',
    catalog('anta.tests.vxlan:\n  - VerifyMlagStatus:\n'),
    inCatalog(2, 5, 'anta.tests.mlag'),
  ],
  [
    'a misspelt input',
    'catalog',
    catalog('anta.tests.system:\n  - VerifyUptime:\n      minimun: 86400\n'),
    inCatalog(3, 7, 'minimum'),
  ],
  [
    'an input of another kind',
    'catalog',
    catalog('anta.tests.system:\n  - VerifyUptime: { minimum: [86400] }\n'),
    inCatalog(2, 30, 'digits'),
  ],
  [
    'two checks in one item',
    'catalog',
    catalog('anta.tests.mlag:\n  - { VerifyMlagStatus: , VerifyMlagInterfaces: }\n'),
    inCatalog(2, 5, 'one check per item'),
  ],
  [
    'a misspelt filter',
    'catalog',
    catalog('anta.tests.mlag:\n  - VerifyMlagStatus: { filters: { tag: [leaf] } }\n'),
    inCatalog(2, 36, 'tags'),
  ],
  [
    'an assertion that writes',
    'catalog',
    catalog('eosflow:\n  - assert: { command: reload, that: "true" }\n'),
    inCatalog(2, 24, 'show version'),
  ],
  // Saved plans
  ['an empty plan', 'plan', plan(''), inPlan(1, 1, 'path')],
  ['a truncated plan', 'plan', plan('{\n  "version": 1,\n  "digest": "sha2'), inPlan(3, 13, 'restore')],
  ['binary bytes as plan', 'plan', plan(GZIP), inPlan(1, 2, 'UTF-8')],
  ['a plan without its content', 'plan', plan('{ "version": 3 }'), inPlan(1, 1, 'add it')],
  [
    'a plan of version 2, which does not say what it has read',
    'plan',
    plan('{ "version": 2, "content": { "v": 2 } }'),
    inPlan(1, 1, 'Plan again'),
  ],
]

/** Malformed inputs of every kind, each with the one place and mend that must be named. */
export const MALFORMED: readonly MalformedCase[] = ROWS.map(([name, kind, files, expected, given]) => ({
  name,
  kind,
  files,
  expect: expected,
  ...(given === undefined ? {} : { given }),
}))
