import fc from 'fast-check'
import { parseInventory } from '../../src/change/inventory/inventory.ts'
import { requireIntact } from '../../src/change/plan/make-plan.ts'
import { parsePlan } from '../../src/change/plan/plan.ts'
import { type PreparedChange, prepare } from '../../src/change/plan/prepare.ts'
import { readPolicy } from '../../src/change/policy/read-policy.ts'
import { approvalFileSchema } from '../../src/change/record/event/record-schema.ts'
import { builtinTasks } from '../../src/change/task/builtin/index.ts'
import { compileWorkflow } from '../../src/change/workflow/compile.ts'
import { readParamsFile } from '../../src/change/workflow/param/read.ts'
import { builtinChecks } from '../../src/eos/check/builtin/index.ts'
import type { CheckSpec } from '../../src/eos/check/builtin/known-checks.ts'
import { readCatalog } from '../../src/eos/check/read-catalog.ts'
import { commandsOf, judgeAll } from '../../src/eos/check/run.ts'
import type { Device } from '../../src/eos/device/device.ts'
import { parseFabric } from '../../src/eos/sim/fabric/fabric.ts'
import { eapiDevice } from '../../src/eos/transport/eapi/eapi-device.ts'
import { EosflowError, type Problem, type ValueOrProblems } from '../../src/model/error.ts'
import { noFence } from '../../src/model/fence.ts'
import { HIDDEN_CHARACTER } from '../../src/model/hidden-character.ts'
import { isJsonObject, type Json } from '../../src/model/json.ts'
import { parseSettings } from '../../src/project/files/settings/settings.ts'
import { problemText } from '../../src/project/system/process/input-error.ts'
import { planAs } from '../../src/report/plan/text.ts'
import { plain } from '../../src/report/text/text.ts'
import { readJson } from '../../src/text/source/json.ts'
import { problemsOf } from '../../src/text/source/located.ts'
import { parseWith, readYaml } from '../../src/text/source/yaml.ts'
import { planOf as planFor } from '../change/plan/material.ts'
import { LEAST } from '../change/workflow/states-file.ts'
import { FABRIC, INVENTORY, PROJECT, type ProjectFiles, WORKFLOW } from './cases.ts'
import { type Draw, EXPRESSIONS, JSON_BOMBS, PATTERNS, TEMPLATES, WORDS, YAML_BOMBS } from './hostile-text.ts'

const TYPED = [
  ...'{}[]:,"\'|>&*!%@`#-?\t\n',
  '{{',
  '}}',
  '- ',
  ': ',
  '\n  ',
  '[[[[',
  '__proto__:',
  '<<: *a',
  '!!set ',
  '\u0000',
  '\u202e',
  '0x',
  '1e999',
  '~',
  '---\n',
]

/** One slip of a hand: some characters deleted and others typed in their place. */
export const slip = (text: string): fc.Arbitrary<string> =>
  fc
    .record({
      at: fc.integer({ min: 0, max: text.length }),
      deleted: fc.integer({ min: 0, max: 12 }),
      typed: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom(...TYPED)),
    })
    .map(({ at, deleted, typed }) => `${text.slice(0, at)}${typed}${text.slice(at + deleted)}`)

/** What became of a hostile input: it was refused, or nothing of it can reach a switch or a terminal. */
export type Fate = 'refused' | 'neutral'

/** One kind of input: how one is drawn, what is said about it, and what becomes of it. */
export interface Reader {
  /** Its path in a project. */
  readonly path: string
  /** An input of the kind that is good. */
  readonly good: string
  readonly draw: (draw: Draw) => string
  /** What is said about the project with these files in place of its own, before any switch is contacted. */
  readonly problems: (files: ProjectFiles, given?: Given) => readonly Problem[]
  /** Default: refused if there are problems. */
  readonly fate?: (text: string) => Fate | Promise<Fate>
}

/** Parameters of a command line. */
export type Given = Readonly<Record<string, string>>

/** Refused when there are problems, each of which a terminal can show. Throws for one that hides something. */
export function fateOf(problems: readonly Problem[]): Fate {
  for (const problem of problems) {
    const shown = problemText(problem)
    if (HIDDEN_CHARACTER.test(shown.replaceAll('\n', ''))) throw new Error(`a problem hides something: ${shown}`)
    if (problem.message.length < 5 || (problem.hint ?? '').length < 5)
      throw new Error(`a problem says nothing: ${shown}`)
  }
  return problems.length > 0 ? 'refused' : 'neutral'
}

const quoted = (word: string) => JSON.stringify(word)

/** A word in the place of one value of a text, in quotes, bare, or as a key. */
function planted(text: string, draw: Draw) {
  const word = draw.of(WORDS)
  const values = [...text.matchAll(/(?<=: )[^\s{[][^\n,}]*|(?<=- )\w[^\n]*/g)]
  const { index = 0, 0: value = '' } = draw.of(values)
  const written = draw.of([quoted(word), word, `{ ${quoted(word)}: 1 }`, `[${quoted(word)}]`])
  return `${text.slice(0, index)}${written}${text.slice(index + value.length)}`
}

const yaml = (text: string) => (draw: Draw) => (draw.below(2) === 0 ? draw.of(YAML_BOMBS)(draw) : planted(text, draw))

/** A project as it is when its workflow is planned, after everything that needs no switch. */
function prepared(files: ProjectFiles, given: Given = {}): ValueOrProblems<PreparedChange> {
  const read = (path: string) => files[path]
  const inventory = parseInventory(files['inventory.yaml'] ?? '', 'inventory.yaml')
  const workflow = compileWorkflow(files['workflows/w.yaml'] ?? '', 'workflows/w.yaml', {
    files: read,
    checks: builtinChecks,
    tasks: builtinTasks,
    policyPresent: false,
  })
  const params = readParamsFile(files['params.yaml'] ?? '', 'params.yaml')
  if (!inventory.ok) return inventory
  if (!workflow.ok) return workflow
  if (!params.ok) return params
  return prepare({
    workflow: workflow.value,
    inventory: inventory.value,
    given: { ...params.value, ...given },
    files: read,
  })
}

/** Refused, or it would send nothing that may not be sent: throws for such a line. */
function fateOfPlanning(files: ProjectFiles): Fate {
  const read = prepared(files)
  if (!read.ok) return fateOf(read.problems)
  for (const { cmd } of Object.values(read.value.changes).flatMap(({ commands }) => commands)) {
    if (HIDDEN_CHARACTER.test(cmd) || cmd.length > 4096) throw new Error(`this would be sent: ${JSON.stringify(cmd)}`)
    if (/^(?:reload|bash|username|configure|end|exit|copy|event-handler)\b/.test(cmd)) throw new Error(`sent: ${cmd}`)
  }
  return 'neutral'
}

/** A file that is read when a workflow is planned. */
const planning = (path: string, files: ProjectFiles = PROJECT): Pick<Reader, 'path' | 'problems' | 'fate'> => ({
  path,
  problems: (given, flags) => problemsOf(prepared({ ...files, ...given }, flags)),
  fate: (text) => fateOfPlanning({ ...files, [path]: text }),
})

/** A file that one reader reads. */
const alone = (
  path: string,
  read: (content: string | Uint8Array) => ValueOrProblems<unknown>,
): Pick<Reader, 'path' | 'problems'> => ({
  path,
  problems: (files) => problemsOf(read(files[path] ?? '')),
})

/** A workflow with states takes no parameters here. */
const STATES_PROJECT = { ...PROJECT, 'params.yaml': '{}' }

const SETTINGS = `version: 1
store: .eosflow/store.db
http:
  key: '\${env:KEY}'
  hosts: [https://cmdb.example.com]
`

const POLICY = `version: 1
roles:
  operator: { members: ["corp:group:netops"] }
rules:
  - { id: plan, allow: [plan.create, plan.read], to: [operator] }
`

const CATALOG = `anta.tests.configuration:
  - VerifyRunningConfigLines:
      regex_patterns: ['^ip routing$']
      result_overwrite: { custom_field: CHG-7 }
anta.tests:
  connectivity:
    - VerifyReachability:
        hosts:
          - destination: 192.0.2.1
            source: Management1
            vrf: default
            repeat: 2
      # Written by hand.
  routing.generic:
    - VerifyRoutingTableEntry: { vrf: default, routes: [10.0.0.1] }
eosflow:
  - assert:
      command: show version
      that: memFree > 0
  - vlans-present:
      vlans: 10
`

function catalogIn(content: string | Uint8Array): ReturnType<typeof readCatalog> {
  const document = readYaml(content, 'checks.yaml')
  return document.ok ? readCatalog(document.value) : document
}

/** What a catalog comes to: its commands only ask, and its checks judge in time whatever the switch says. */
async function fateOfCatalog(text: string): Promise<Fate> {
  const read = catalogIn(text)
  if (!read.ok) return fateOf(read.problems)
  const specs = read.value.map(({ spec }) => spec)
  for (const { cmd } of commandsOf(specs)) {
    if (!/^(?:show|ping) [^|<>;&`$\\\p{Cc}\p{Zl}\p{Zp}]*$/u.test(cmd))
      throw new Error(`this would be asked: ${JSON.stringify(cmd)}`)
  }
  const verdicts = await Promise.all(specs.map(statusOf))
  return verdicts.includes('error') ? 'refused' : 'neutral'
}

/** Of checks whose input is somebody's expression or pattern, whether it could be judged by it. */
async function statusOf(spec: CheckSpec) {
  const judged = spec.name === 'assert' || spec.name === 'VerifyRunningConfigLines'
  if (!judged) return 'not of interest'
  const json = spec.name === 'assert' ? { memFree: 1 } : `ip routing\n${'a'.repeat(40)}!\n`
  const [judgement] = await judgeAll([spec], [{ ok: true, json }], { device: 'leaf1', baseline: {} })
  const { verdict } = judgement ?? {}
  if (verdict !== undefined && HIDDEN_CHARACTER.test(JSON.stringify(verdict)))
    throw new Error('a verdict hides something')
  return verdict?.status ?? 'none'
}

const PLAN_FILE = JSON.stringify(planFor({ toolVersion: '0.1.0' }))

const APPROVAL_FILE = JSON.stringify({
  version: 1,
  kind: 'eosflow.approval-file',
  statement: {
    v: 3,
    kind: 'eosflow.approval',
    plan: `sha256:${'0'.repeat(64)}`,
    store: 'eosflow.audit/0123456789abcdef',
    decision: 'approve',
    approver: { issuer: 'corp', id: 'bob', kind: 'person', auth: 'ssh' },
    notBefore: '2026-11-20T08:00:00.000Z',
    expires: '2026-11-20T12:00:00.000Z',
    maxRuns: 1,
    nonce: '0123456789abcdef',
    comment: 'fine',
    policy: null,
  },
  signature: { kind: 'ssh', armored: '-----BEGIN SSH SIGNATURE-----' },
})

/** A plan is refused when it is damaged, or off its digest; shown it is safe in any case. */
function fateOfPlan(text: string): Fate {
  const read = parsePlan(text, 'saved.plan')
  if (!read.ok) return fateOf(read.problems)
  for (const shown of [planAs.text(read.value, plain, { details: true }), planAs.markdown(read.value)]) {
    if (HIDDEN_CHARACTER.test(shown.replaceAll('\n', ''))) throw new Error(`a plan hides something: ${shown}`)
  }
  try {
    requireIntact(read.value)
    return 'neutral'
  } catch (thrown) {
    if (thrown instanceof EosflowError && thrown.kind === 'stale') return 'refused'
    throw thrown
  }
}

/** A word in the place of one text of a document of JSON. */
function jsonPlanted(text: string, draw: Draw) {
  const { index = 0, 0: value = '' } = draw.of([...text.matchAll(/(?<=:)"[^"]*"/g)])
  return `${text.slice(0, index)}${quoted(draw.of(WORDS))}${text.slice(index + value.length)}`
}

const json = (text: string) => (draw: Draw) =>
  draw.below(2) === 0 ? draw.of(JSON_BOMBS)(draw) : jsonPlanted(text, draw)

const FABRIC_FILE = 'fabrics/two/fabric.yaml'

const fabricProblems = (files: ProjectFiles): readonly Problem[] =>
  problemsOf(parseFabric(files[FABRIC_FILE] ?? '', FABRIC_FILE, (path) => files[`fabrics/two/${path}`]))

/** Every kind of file that people or programs give to eosflow. */
export const READERS = {
  workflow: { good: WORKFLOW, draw: yaml(WORKFLOW), ...planning('workflows/w.yaml') },
  'workflow with states': {
    good: LEAST,
    draw: (draw) =>
      draw.below(2) === 0
        ? yaml(LEAST)(draw)
        : LEAST.replace('eosflow:plan, Next', `eosflow:plan, Output: ${quoted(`{% ${draw.of(EXPRESSIONS)} %}`)}, Next`),
    ...planning('workflows/w.yaml', STATES_PROJECT),
  },
  parameters: {
    good: String(PROJECT['params.yaml']),
    draw: yaml(String(PROJECT['params.yaml'])),
    ...planning('params.yaml'),
  },
  template: {
    good: String(PROJECT['workflows/vlan.j2']),
    draw: (draw) => (draw.below(4) === 0 ? `vlan 5\n   name ${draw.of(WORDS)}\n` : draw.of(TEMPLATES)),
    ...planning('workflows/vlan.j2'),
  },
  inventory: { good: INVENTORY, draw: yaml(INVENTORY), ...planning('inventory.yaml') },
  settings: {
    good: SETTINGS,
    draw: yaml(SETTINGS),
    ...alone('eosflow.yaml', (text) => parseSettings(text, 'eosflow.yaml')),
  },
  policy: { good: POLICY, draw: yaml(POLICY), ...alone('policy.yaml', (text) => readPolicy(text, 'policy.yaml')) },
  catalog: {
    good: CATALOG,
    draw: (draw) => {
      const kind = draw.below(4)
      if (kind === 0) return CATALOG.replace('memFree > 0', () => quoted(draw.of(EXPRESSIONS)))
      if (kind === 1) return CATALOG.replace("'^ip routing$'", () => quoted(draw.of(PATTERNS)))
      return yaml(CATALOG)(draw)
    },
    ...alone('checks.yaml', catalogIn),
    fate: fateOfCatalog,
  },
  plan: {
    good: PLAN_FILE,
    draw: json(PLAN_FILE),
    ...alone('saved.plan', (text) => parsePlan(text, 'saved.plan')),
    fate: fateOfPlan,
  },
  'approval file': {
    good: APPROVAL_FILE,
    draw: json(APPROVAL_FILE),
    ...alone('a.approval', (text) => {
      const located = readJson(text, 'a.approval')
      return located.ok ? parseWith(approvalFileSchema, located.value) : located
    }),
  },
  fabric: {
    good: FABRIC,
    draw: yaml(FABRIC),
    path: FABRIC_FILE,
    problems: (files) => fabricProblems({ ...PROJECT, ...files }),
  },
} satisfies Readonly<Record<string, Reader>>

/** What becomes of an input. */
export const fateIn = ({ path, problems, fate }: Reader, text: string): Fate | Promise<Fate> =>
  fate?.(text) ?? fateOf(problems({ [path]: text }))

/** A value of any type that a switch might give in the place of another. */
function anyJson(draw: Draw): Json {
  const word = draw.of(WORDS)
  return draw.of<Json>([
    word,
    -1,
    1e300,
    9_007_199_254_740_992,
    null,
    true,
    [],
    {},
    [word],
    { [word]: word },
    [[[[[]]]]],
  ])
}

/** The answer with one value in it exchanged; whatever it is, it stays JSON. */
function altered(value: Json, draw: Draw, depth = 0): Json {
  if (depth > 6 || draw.below(6) === 0) return anyJson(draw)
  if (Array.isArray(value)) {
    const at = draw.below(value.length)
    return value.length === 0
      ? anyJson(draw)
      : value.map((item, index) => (index === at ? altered(item, draw, depth + 1) : item))
  }
  if (!isJsonObject(value)) return anyJson(draw)
  const keys = Object.keys(value)
  const key = draw.of(keys)
  return keys.length === 0 ? anyJson(draw) : { ...value, [key]: altered(value[key] ?? null, draw, depth + 1) }
}

/** A body in the place of a good answer: no JSON, deep JSON, or a good one with something else in one place. */
export function hostileBody(good: string, draw: Draw) {
  if (draw.below(4) === 0) return draw.of(JSON_BOMBS)(draw)
  if (draw.below(6) === 0) return draw.of(WORDS)
  return JSON.stringify(altered(JSON.parse(good) as Json, draw))
}

/** What becomes of a device whose every answer is `body`, whatever is asked. Throws for anything but an EosflowError. */
export async function fateOfAnswer(draw: Draw): Promise<Fate> {
  const sent: string[] = []
  const device = eapiDevice(
    {
      post: async (body) => {
        sent.push(body)
        const { id, params } = JSON.parse(body) as {
          readonly id: string
          readonly params: { readonly cmds: readonly unknown[] }
        }
        const result = params.cmds.map(() => ({ output: 'hostname leaf1\n', version: '4.32.2F', sessions: {} }))
        return hostileBody(JSON.stringify({ jsonrpc: '2.0', id, result }), draw)
      },
      close: () => undefined,
    },
    { name: 'leaf1', fence: noFence },
  )
  const verbs: readonly ((one: Device) => Promise<unknown>)[] = [
    (one) => one.look([{ cmd: 'show vlan' }]),
    (one) => one.readConfig(),
    (one) => one.print(['show version']),
    (one) => one.stage({ session: 'eosflow-1', mode: 'merge', commands: [{ cmd: 'vlan 5' }] }),
    (one) => one.confirm('eosflow-1'),
  ]
  try {
    await draw.of(verbs)(device)
    return 'neutral'
  } catch (thrown) {
    if (thrown instanceof EosflowError && thrown.kind !== 'bug') return 'refused'
    throw thrown
  }
}
