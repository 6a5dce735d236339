import type { Plan } from '../../change/plan/plan.ts'
import { presentChanges } from '../../eos/config/diff/diff.ts'
import { unifiedDiff } from '../../eos/config/diff/unified.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import { parseConfig, renderNode } from '../../eos/config/text/parse.ts'
import type { ConfigNode, ConfigTree } from '../../eos/config/text/tree.ts'
import { changesBetween, comparableText } from '../../eos/config/vlan-sets.ts'
import { groupChanges } from '../../report/plan/group-lines.ts'
import { diffLineText } from '../../report/plan/text.ts'
import type { Failure } from '../../report/test-results/test-results.ts'
import { plain } from '../../report/text/text.ts'
import type { CaseEvidence, SwitchEvidence } from './lab.ts'
import { eachSwitch, type TestCase, type Texts } from './schema.ts'

/** Neither digests nor times nor persons, so that the file changes with the change alone, but for the placeholders of secrets, which depend on the bases too. */
export function goldenPlan({ content, evidence }: Plan): string {
  const { workflow, waves, mode } = { ...content, mode: content.devices[0]?.mode ?? 'merge' }
  const groups = groupChanges({ version: 3, digest: '', content, evidence }).flatMap(({ devices, diff }) => [
    '',
    `${devices.join(' ')}${diff.length === 0 ? ': no change' : ':'}`,
    ...diff.map((line) => diffLineText(line, plain).trimEnd()),
  ])
  const warnings = content.warnings.map(
    ({ device, message }) => `! ${device === undefined ? '' : `${device}: `}${message}`,
  )
  return [
    `${workflow.name} (${mode})`,
    ...Object.entries(workflow.params).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    `waves: ${waves.length === 0 ? 'none' : waves.map((wave) => wave.join(' ')).join(' | ')}`,
    ...groups,
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
    '',
  ].join('\n')
}

export function configFailures(testCase: TestCase, evidence: CaseEvidence, texts: Texts): readonly Failure[] {
  return [
    ...runningFailures(testCase, evidence, texts),
    ...elsewhereFailures(testCase, evidence),
    ...planFailures(testCase, evidence, texts),
  ]
}

function runningFailures(testCase: TestCase, { switches }: CaseEvidence, texts: Texts): readonly Failure[] {
  return eachSwitch(testCase, 'running', (device, { contains = [], lacks = [], equals }, key): readonly Failure[] => {
    const found = switches[device]
    if (found === undefined) return []
    const config = parseConfig(redact(found.after))
    const what = `running of ${device}`
    const at = (member: string, index: number) => testCase.placeOf(['running', key, member, index])
    return [
      ...contains.flatMap((block, index) => lackingFailure(block, config, what, at('contains', index))),
      ...lacks.flatMap((block, index) => presentFailure(block, config, what, at('lacks', index))),
      ...(equals === undefined ? [] : unequalFailure(testCase, equals, found, what, key, texts)),
    ]
  })
}

function lackingFailure(block: string, config: ConfigTree, what: string, at: Failure['at']): readonly Failure[] {
  const search = findBlock(block, config)
  return search.found ? [] : [{ at, what, expected: block.trimEnd(), actual: search.instead }]
}

function presentFailure(block: string, config: ConfigTree, what: string, at: Failure['at']): readonly Failure[] {
  const search = findBlock(block, config)
  return search.found ? [{ at, what, expected: `not there: ${block.trimEnd()}`, actual: search.path }] : []
}

function unequalFailure(
  testCase: TestCase,
  equals: string,
  { before, after }: SwitchEvidence,
  what: string,
  key: string,
  texts: Texts,
): readonly Failure[] {
  const at = testCase.placeOf(['running', key, 'equals'])
  const expected = equals === 'before' ? before : texts.read(testCase.pathOf(equals))
  if (expected === undefined) return [{ at, what, expected: `as in ${equals}`, actual: 'there is no such file' }]
  const diff = changes(expected, after)
  if (diff.length === 0) return []
  const as = equals === 'before' ? 'as before' : `as in ${equals}`
  return [{ at, what, expected: as, actual: `${diff.length} lines differ`, diff }]
}

// Lines of any switch that differ although the plan does not name them.
function elsewhereFailures(testCase: TestCase, { switches, ends, plan }: CaseEvidence): readonly Failure[] {
  if (testCase.expect.everythingElse === undefined) return []
  return Object.entries(switches).flatMap(([device, { before, after }]) => {
    const planned = plan?.content.devices.find(({ name }) => name === device)?.diff ?? []
    const wanted = ends[device] === 'changed' ? planned.map(({ sign, text }) => unkeyed(`${sign}${text}`)) : []
    const diff = lineDiff(wanted.join('\n'), changes(before, after).join('\n'))
    if (diff.length === 0) return []
    const expected = wanted.length === 0 ? 'no line changes' : 'no line changes that the plan does not name'
    const at = testCase.placeOf(['everythingElse'])
    return [{ at, what: `everythingElse on ${device}`, expected, actual: 'other lines do', diff }]
  })
}

function unkeyed(line: string) {
  return line.replaceAll(/<redacted:[0-9a-f]+>/g, '<redacted>')
}

function changes(before: string, after: string) {
  if (before === after) return []
  // Compared with their secrets: a password that is another one is a line that differs.
  const [was, is] = [before, after].map((text) => parseConfig(comparableText(text)))
  if (was === undefined || is === undefined) return []
  return presentChanges(changesBetween(was, is)).map(({ sign, text }) => `${sign}${redact(text)}`)
}

function planFailures(testCase: TestCase, { plan }: CaseEvidence, texts: Texts): readonly Failure[] {
  const { plan: path } = testCase.expect
  if (path === undefined) return []
  const at = testCase.placeOf(['plan'])
  if (plan === undefined) return [{ at, what: 'plan', expected: `the plan in ${path}`, actual: 'no plan was made' }]
  const golden = texts.read(testCase.goldenPath ?? '')
  const made = goldenPlan(plan)
  if (golden === undefined) {
    return [{ at, what: 'plan', expected: path, actual: 'there is no such file; `eosflow test --update` writes it' }]
  }
  const diff = lineDiff(golden, made)
  return diff.length === 0 ? [] : [{ at, what: 'plan', expected: path, actual: 'another plan', diff }]
}

function lineDiff(expected: string, actual: string) {
  return unifiedDiff(expected, actual, '')
    .split('\n')
    .slice(2)
    .filter((line) => line !== '' && !line.startsWith('@@'))
}

type BlockSearch = { readonly found: true; readonly path: string } | { readonly found: false; readonly instead: string }

function findBlock(block: string, config: ConfigTree): BlockSearch {
  const wanted = parseConfig(block).children
  const searches = wanted.map((node) => findNode(node, config.children))
  const failed = searches.find(({ found }) => !found)
  return failed ?? searches[0] ?? { found: false, instead: 'nothing to look for' }
}

function findNode(wanted: ConfigNode, among: readonly ConfigNode[]): BlockSearch {
  const places = placesOf(wanted.line, among, [])
  const place = places.find(({ node }) => holds(node, wanted))
  if (place !== undefined) return { found: true, path: place.path.join(' / ') }
  const [nearest] = places
  return { found: false, instead: nearest === undefined ? `no line \`${wanted.line}\`` : textOf(nearest.node) }
}

interface NodePlace {
  readonly node: ConfigNode
  readonly path: readonly string[]
}

function placesOf(line: string, among: readonly ConfigNode[], above: readonly string[]): readonly NodePlace[] {
  return among.flatMap((node) => {
    const path = [...above, node.line]
    return [...(node.line === line ? [{ node, path }] : []), ...placesOf(line, node.children, path)]
  })
}

function holds(node: ConfigNode, wanted: ConfigNode): boolean {
  return wanted.children.every((child) =>
    node.children.some((candidate) => candidate.line === child.line && holds(candidate, child)),
  )
}

function textOf(node: ConfigNode) {
  return renderNode({ ...node, lead: [] })
    .filter((row) => row.trim() !== '!')
    .join('\n')
}
