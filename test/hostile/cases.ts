import { LEAST } from '../workflow/states-file.ts'

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

const edited = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`no ${from} in the text to edit`)
  return text.replace(from, to)
}

const workflow = (from: string, to: string): ProjectFiles => ({ 'workflows/w.yaml': edited(WORKFLOW, from, to) })
const template = (text: string): ProjectFiles => ({ 'workflows/vlan.j2': text })
const inventory = (from: string, to: string): ProjectFiles => ({ 'inventory.yaml': edited(INVENTORY, from, to) })
const fabric = (from: string, to: string): ProjectFiles => ({ 'fabrics/two/fabric.yaml': edited(FABRIC, from, to) })
const plan = (text: string | Uint8Array): ProjectFiles => ({ 'saved.plan': text })

const catalog = (text: string | Uint8Array): ProjectFiles => ({ 'checks.yaml': text })

const at = (file: string, line: number, column: number, hint: string): MalformedCase['expect'] => ({
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

/** Malformed inputs of every kind, each with the one place and mend that must be named. */
export const MALFORMED: readonly MalformedCase[] = [
  // Workflows
  {
    name: 'an empty workflow',
    kind: 'workflow',
    files: { 'workflows/w.yaml': '' },
    expect: inWorkflow(1, 1, 'eosflow init'),
  },
  {
    name: 'a picture as workflow',
    kind: 'workflow',
    files: { 'workflows/w.yaml': PNG },
    expect: inWorkflow(1, 1, 'UTF-8'),
  },
  {
    name: 'a misspelt key',
    kind: 'workflow',
    files: workflow('targets:', 'tragets:'),
    expect: inWorkflow(5, 1, 'targets'),
  },
  {
    name: 'a key that is not built yet',
    kind: 'workflow',
    files: workflow('rollout:', 'redrive: {}\nrollout:'),
    expect: inWorkflow(7, 1, 'refused, never ignored'),
  },
  {
    name: 'steps and states at once',
    kind: 'workflow',
    files: workflow('steps:', 'startAt: A\nstates: {}\nsteps:'),
    expect: inWorkflow(9, 1, 'delete `steps`, or `states`'),
  },
  {
    name: 'a state that leads to a misspelt one',
    kind: 'workflow',
    files: { 'workflows/w.yaml': edited(LEAST, 'Next: MakePlan', 'Next: MakePlna') },
    expect: inWorkflow(6, 65, 'did you mean `MakePlan`?'),
  },
  {
    name: 'an expression that cannot be parsed',
    kind: 'workflow',
    files: { 'workflows/w.yaml': edited(LEAST, 'Type: Succeed', "Type: Succeed, Output: '{% 1 + %}'") },
    expect: inWorkflow(39, 34, 'see its brackets and quotes'),
  },
  {
    name: 'a machine that can leave a switch unconfirmed',
    kind: 'workflow',
    files: { 'workflows/w.yaml': edited(LEAST, 'Next: CheckTimers', 'Next: Done') },
    expect: inWorkflow(39, 3, '`verify`, `ready`, `confirm` and `save`'),
  },
  {
    name: 'an unknown step',
    kind: 'workflow',
    files: workflow('- confirm\n', '- confrim\n'),
    expect: inWorkflow(16, 5, 'confirm'),
  },
  {
    name: 'a step out of order',
    kind: 'workflow',
    files: workflow('  - plan\n  - approve\n', '  - approve\n  - plan\n'),
    expect: inWorkflow(10, 5, 'move `plan`'),
  },
  {
    name: 'a wait between push and verify',
    kind: 'workflow',
    files: workflow('10m }\n', '10m }\n  - wait: 30s\n'),
    expect: inWorkflow(13, 5, 'stableFor'),
  },
  {
    name: 'an unknown check',
    kind: 'workflow',
    files: workflow('interfaces-up', 'interface-up'),
    expect: inWorkflow(15, 27, 'interfaces-up'),
  },
  {
    name: 'a check without its state area',
    kind: 'workflow',
    files: workflow('[interfaces, bgp]', '[bgp]'),
    expect: inWorkflow(15, 27, 'interfaces'),
  },
  {
    name: 'an unknown state area',
    kind: 'workflow',
    files: workflow('bgp]', 'bpg]'),
    expect: inWorkflow(9, 37, 'bgp'),
  },
  {
    name: 'a duration without unit',
    kind: 'workflow',
    files: workflow('within: 4m', 'within: 120'),
    expect: inWorkflow(14, 15, '120s'),
  },
  {
    name: 'a timer that cannot hold',
    kind: 'workflow',
    files: workflow('confirmWithin: 10m', 'confirmWithin: 2m'),
    expect: inWorkflow(12, 28, 'confirmWithin'),
  },
  {
    name: 'an approval that only a policy can keep',
    kind: 'workflow',
    files: workflow('- approve', '- approve: { from: [net-leads] }'),
    expect: inWorkflow(11, 16, 'policy.yaml'),
  },
  {
    name: 'two sources of change',
    kind: 'workflow',
    files: workflow('template: vlan.j2', 'template: vlan.j2, lines: [vlan 1]'),
    expect: inWorkflow(6, 1, 'exactly one'),
  },
  {
    name: 'a template that is not there',
    kind: 'workflow',
    files: workflow('vlan.j2', 'vlna.j2'),
    expect: inWorkflow(6, 34, 'relative to'),
  },
  {
    name: 'a template outside the project',
    kind: 'workflow',
    files: workflow('vlan.j2', '../../../etc/passwd'),
    expect: inWorkflow(6, 34, 'inside the project'),
  },
  {
    name: 'a percentage above all',
    kind: 'workflow',
    files: workflow('100%', '150%'),
    expect: inWorkflow(7, 23, '50%'),
  },
  {
    name: 'a selector that does not end',
    kind: 'workflow',
    files: workflow('role:leaf', 'role:leaf and'),
    expect: inWorkflow(5, 23, 'tag:value'),
  },
  {
    name: 'a tag that no switch has',
    kind: 'workflow',
    files: workflow('role:leaf', 'role:laef'),
    expect: inWorkflow(5, 10, 'leaf'),
  },
  {
    name: 'a key twice',
    kind: 'workflow',
    files: workflow('rollout:', 'change: {}\nrollout:'),
    expect: inWorkflow(7, 1, 'delete one'),
  },
  {
    name: 'a tab as indentation',
    kind: 'workflow',
    files: workflow('  vlan:  {', '\tvlan:  {'),
    expect: inWorkflow(3, 1, 'spaces'),
  },
  {
    name: 'an unquoted template expression',
    kind: 'workflow',
    files: workflow('template: vlan.j2', 'lines: [{{ vlan }}]'),
    expect: inWorkflow(6, 32, 'quotes'),
  },
  {
    name: 'a hundred brackets',
    kind: 'workflow',
    files: workflow('role:leaf', '['.repeat(100)),
    expect: inWorkflow(5, 73, 'flatten'),
  },
  // Templates
  {
    name: 'an undefined name',
    kind: 'template',
    files: template('vlan {{ vlan }}\n   name {{ lable }}\n'),
    expect: inTemplate(2, 12, 'label'),
  },
  {
    name: 'a block that does not end',
    kind: 'template',
    files: template('{% if vlan %}\nvlan {{ vlan }}\n'),
    expect: inTemplate(1, 4, 'endif'),
  },
  {
    name: 'a filter that does not fit',
    kind: 'template',
    files: template('vlan {{ vlan }}\nip route {{ label | ipmath(1) }} Null0\n'),
    expect: inTemplate(2, 21, 'ipmath'),
  },
  {
    name: 'a loop without end',
    kind: 'template',
    files: template('{% for a in range(9999) %}\n{% for b in range(9999) %}\n{% endfor %}\n{% endfor %}\n'),
    expect: inTemplate(2, 4, 'loop'),
  },
  {
    name: 'an archive as template',
    kind: 'template',
    files: { 'workflows/vlan.j2': GZIP },
    expect: inTemplate(1, 2, 'UTF-8'),
  },
  {
    name: 'an invisible character in a template',
    kind: 'template',
    files: template('vlan {{ vlan }}\n   name a\u202eb\n'),
    expect: inTemplate(2, 10, 'seen'),
  },
  // Parameters
  {
    name: 'an empty file of parameters',
    kind: 'parameters',
    files: { 'params.yaml': '' },
    expect: inParams(1, 1, 'eosflow init'),
  },
  {
    name: 'a value out of bounds',
    kind: 'parameters',
    files: { 'params.yaml': 'label: PROD\nvlan: 5000\n' },
    expect: inParams(2, 7, '4094'),
  },
  {
    name: 'a value of the wrong type',
    kind: 'parameters',
    files: { 'params.yaml': 'vlan: "120"\nlabel: PROD\n' },
    expect: inParams(1, 7, 'without quotes'),
  },
  {
    name: 'a value against its pattern',
    kind: 'parameters',
    files: { 'params.yaml': 'vlan: 120\nlabel: prod web\n' },
    expect: inParams(2, 8, 'PROD-WEB'),
  },
  {
    name: 'an unknown parameter',
    kind: 'parameters',
    files: { 'params.yaml': 'vlan: 120\nlabel: PROD\nlabl: X\n' },
    expect: inParams(3, 1, 'label'),
  },
  {
    name: 'a missing parameter',
    kind: 'parameters',
    files: { 'params.yaml': 'vlan: 120\n' },
    expect: inWorkflow(4, 3, '-p label='),
  },
  {
    name: 'a flag that is no number',
    kind: 'parameters',
    files: {},
    given: { vlan: 'many' },
    expect: at('-p vlan', 1, 1, 'digits'),
  },
  // Inventories
  {
    name: 'an empty inventory',
    kind: 'inventory',
    files: { 'inventory.yaml': '' },
    expect: inInventory(1, 1, 'eosflow init'),
  },
  {
    name: 'a password in clear text',
    kind: 'inventory',
    files: inventory(', simulated: true', ''),
    expect: inInventory(3, 37, 'EOSFLOW_RW'),
  },
  {
    name: 'plain http to a real switch',
    kind: 'inventory',
    files: inventory('127.0.0.1, port: 18082', '10.0.0.12'),
    expect: inInventory(1, 23, 'https'),
  },
  {
    name: 'a transport that there is not',
    kind: 'inventory',
    files: inventory('port: 18081', 'transport: telnet'),
    expect: inInventory(5, 40, 'known here: `eapi`, `ssh`'),
  },
  {
    name: 'an unknown credential',
    kind: 'inventory',
    files: inventory('credentials: sim }', 'credentials: sym }'),
    expect: inInventory(1, 42, 'sim'),
  },
  {
    name: 'one address twice',
    kind: 'inventory',
    files: inventory('18082', '18081'),
    expect: inInventory(6, 18, 'its own address'),
  },
  {
    name: 'a port that is none',
    kind: 'inventory',
    files: inventory('18081', '180811'),
    expect: inInventory(5, 35, '443'),
  },
  // Fabrics
  {
    name: 'an empty fabric',
    kind: 'fabric',
    files: { 'fabrics/two/fabric.yaml': '# nothing\n' },
    expect: inFabric(1, 1, 'eosflow init'),
  },
  {
    name: 'a misspelt key of a fabric',
    kind: 'fabric',
    files: fabric('cabling:', 'cablign:'),
    expect: inFabric(6, 1, 'cabling'),
  },
  {
    name: 'a switch without its configuration',
    kind: 'fabric',
    files: fabric('leaf2: { eos: 4.32.2F }', 'leaf2: { eos: 4.32.2F, config: leaf9/running-config }'),
    expect: inFabric(5, 26, 'fabric.yaml'),
  },
  {
    name: 'an object-machinery key',
    kind: 'fabric',
    files: fabric('cabling:', '__proto__: {}\ncabling:'),
    expect: inFabric(6, 1, 'rename'),
  },
  // Catalogs of checks
  { name: 'an empty catalog', kind: 'catalog', files: catalog(''), expect: inCatalog(1, 1, 'eosflow init') },
  { name: 'binary bytes as catalog', kind: 'catalog', files: catalog(PNG), expect: inCatalog(1, 1, 'UTF-8') },
  {
    name: 'a module that does not exist',
    kind: 'catalog',
    files: catalog('anta.tests.mlga:\n  - VerifyMlagStatus:\n'),
    expect: inCatalog(1, 1, 'anta.tests.mlag'),
  },
  {
    name: 'a module in Python',
    kind: 'catalog',
    files: catalog('anta.tests.mlag:\n  - VerifyMlagStatus:\nours.checks:\n  - VerifyRacks:\n'),
    expect: inCatalog(3, 1, 'Python'),
  },
  {
    name: 'a misspelt check',
    kind: 'catalog',
    files: catalog('anta.tests.mlag:\n  - VerifyMlagStatsu:\n'),
    expect: inCatalog(2, 5, 'VerifyMlagStatus'),
  },
  {
    name: 'a check in another module than its own',
    kind: 'catalog',
    files: catalog('anta.tests.vxlan:\n  - VerifyMlagStatus:\n'),
    expect: inCatalog(2, 5, 'anta.tests.mlag'),
  },
  {
    name: 'a misspelt input',
    kind: 'catalog',
    files: catalog('anta.tests.system:\n  - VerifyUptime:\n      minimun: 86400\n'),
    expect: inCatalog(3, 7, 'minimum'),
  },
  {
    name: 'an input of another kind',
    kind: 'catalog',
    files: catalog('anta.tests.system:\n  - VerifyUptime: { minimum: [86400] }\n'),
    expect: inCatalog(2, 30, 'digits'),
  },
  {
    name: 'two checks in one item',
    kind: 'catalog',
    files: catalog('anta.tests.mlag:\n  - { VerifyMlagStatus: , VerifyMlagInterfaces: }\n'),
    expect: inCatalog(2, 5, 'one check per item'),
  },
  {
    name: 'a misspelt filter',
    kind: 'catalog',
    files: catalog('anta.tests.mlag:\n  - VerifyMlagStatus: { filters: { tag: [leaf] } }\n'),
    expect: inCatalog(2, 36, 'tags'),
  },
  {
    name: 'an assertion that writes',
    kind: 'catalog',
    files: catalog('eosflow:\n  - assert: { command: reload, that: "true" }\n'),
    expect: inCatalog(2, 24, 'show version'),
  },
  // Saved plans
  { name: 'an empty plan', kind: 'plan', files: plan(''), expect: inPlan(1, 1, 'path') },
  {
    name: 'a truncated plan',
    kind: 'plan',
    files: plan('{\n  "version": 1,\n  "digest": "sha2'),
    expect: inPlan(3, 13, 'restore'),
  },
  { name: 'binary bytes as plan', kind: 'plan', files: plan(GZIP), expect: inPlan(1, 2, 'UTF-8') },
  { name: 'a plan without its content', kind: 'plan', files: plan('{ "version": 3 }'), expect: inPlan(1, 1, 'add it') },
  {
    name: 'a plan of version 2, which does not say what it has read',
    kind: 'plan',
    files: plan('{ "version": 2, "content": { "v": 2 } }'),
    expect: inPlan(1, 1, 'Plan again'),
  },
]
