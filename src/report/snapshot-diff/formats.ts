import { stateAreas } from '../../eos/check/area/index.ts'
import type { StateComparison } from '../../eos/check/finding/compare.ts'
import { type ChangeLine, presentChanges } from '../../eos/config/diff/diff.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { changesBetween, comparableText } from '../../eos/config/vlan-sets.ts'
import type { DeviceIdentity } from '../../eos/device/device.ts'
import type { Json } from '../../model/json.ts'
import { diffLineText } from '../plan/text.ts'
import { xmlText } from '../text/junit.ts'
import { count, fencedLine, markdownText, plain, present, type Style, switches, visibleLine } from '../text/text.ts'

interface ReadDevice {
  readonly identity: DeviceIdentity
  readonly running: string
  // How startup-config differs from running-config; empty when it does not, absent when the switch does not say.
  readonly startupDiff?: string
  readonly state: Readonly<Record<string, Json>>
}

export interface DeviceDiff {
  readonly name: string
  readonly known: 'both' | 'before' | 'after'
  readonly switch: readonly string[]
  readonly config: readonly ChangeLine[]
  readonly state: Readonly<Record<string, StateComparison>>
}

export interface Sides {
  readonly before: string
  readonly after?: string
}

/** What the second side is called. */
export function afterWords({ after }: Sides): string {
  return after ?? 'the switches now'
}

/** The side that a switch is in, for one that only one of them has. */
export function onlyIn({ known }: DeviceDiff, sides: Sides): string {
  return `is in ${known === 'before' ? sides.before : afterWords(sides)} only`
}

type SecretRemover = (lines: readonly string[]) => readonly string[]

type Devices = Readonly<Record<string, ReadDevice>>

/** What became of every switch that is known on either side, in the order in which they are known. */
export function compareDevices(before: Devices, after: Devices, secretless: SecretRemover): readonly DeviceDiff[] {
  return Object.keys({ ...before, ...after }).map((name) => compareDevice(name, before[name], after[name], secretless))
}

export function isSame({ known, switch: own, config, state }: DeviceDiff): boolean {
  return known === 'both' && own.length + config.length + Object.keys(state).length === 0
}

const SHOWN = 50

export function areaLines(area: string, comparison: StateComparison): readonly string[] {
  if (!comparison.comparable) return [comparison.text]
  const lines = comparison.changes.map(({ text }) => text)
  const rest = lines.length - SHOWN
  return rest > 0 ? [...lines.slice(0, SHOWN), `and ${count(rest, 'more change')} of ${area}`] : lines
}

interface DiffSize {
  readonly added: number
  readonly removed: number
  readonly state: number
  readonly unknown: number
}

export function sizeOf(diffs: readonly DeviceDiff[]): DiffSize {
  const sum = (of: (diff: DeviceDiff) => number) => diffs.reduce((total, diff) => total + of(diff), 0)
  const signed = (sign: string) => sum(({ config }) => config.filter((line) => line.sign === sign).length)
  const areas = diffs.flatMap(({ state }) => Object.values(state))
  const changes = areas.reduce((total, area) => total + (area.comparable ? area.changes.length : 0), 0)
  return {
    added: signed('+'),
    removed: signed('-'),
    state: changes + sum((diff) => diff.switch.length),
    unknown: areas.filter(({ comparable }) => !comparable).length,
  }
}

/** The size in words, without what is not there where `always` does not ask for it: `+4 -0 lines`, `6 changes of state`. */
export function sizeWords({ added, removed, state, unknown }: DiffSize, always = false): readonly string[] {
  return present(
    (always || added + removed > 0) && `+${added} -${removed} lines`,
    (always || state > 0) && `${count(state, 'change')} of state`,
    unknown > 0 && `${count(unknown, 'area')} not compared`,
  )
}

// `before -> after · 6 switches: 4 differ, 2 the same · +5 -1 lines, 15 changes of state`.
function diffSummary(diffs: readonly DeviceDiff[], sides: Sides) {
  const same = diffs.filter(isSame).length
  const compared = `${switches(diffs.length)}: ${diffs.length - same} differ, ${same} the same`
  return `${sides.before} -> ${afterWords(sides)} · ${compared} · ${sizeWords(sizeOf(diffs), true).join(', ')}`
}

function compareDevice(
  name: string,
  was: ReadDevice | undefined,
  is: ReadDevice | undefined,
  secretless: SecretRemover,
): DeviceDiff {
  if (was === undefined || is === undefined) {
    return { name, known: is === undefined ? 'before' : 'after', switch: [], config: [], state: {} }
  }
  const described = stateAreas
    .filter(({ name: area }) => was.state[area] !== undefined || is.state[area] !== undefined)
    .map((area) => [area.name, area.describe(was.state[area.name], is.state[area.name])] as const)
  return {
    name,
    known: 'both',
    switch: switchChanges(was, is),
    config: configChanges(was.running, is.running, secretless),
    state: Object.fromEntries(described.filter(([, area]) => !area.comparable || area.changes.length > 0)),
  }
}

function switchChanges(was: ReadDevice, is: ReadDevice) {
  const facts = [
    ['EOS', was.identity.eos, is.identity.eos],
    ['model', was.identity.model, is.identity.model],
    ['serial number', was.identity.serial, is.identity.serial],
    ['system MAC', was.identity.systemMac, is.identity.systemMac],
    ['startup-config', savedWord(was), savedWord(is)],
  ] as const
  return facts.flatMap(([what, before, after]) => (before === after ? [] : [`${what}: ${before} -> ${after}`]))
}

function savedWord({ startupDiff }: ReadDevice): string {
  if (startupDiff === undefined) return 'not readable'
  return startupDiff.trim() === '' ? 'the same as running-config' : 'differs from running-config'
}

function configChanges(was: string, is: string, secretless: SecretRemover): readonly ChangeLine[] {
  const lines = presentChanges(changesBetween(parseConfig(comparableText(was)), parseConfig(comparableText(is))))
  const shown = secretless(lines.map(({ text }) => text))
  return lines.map((line, index) => ({ ...line, text: shown[index] ?? '' }))
}

function snapshotDiffHtml(diffs: readonly DeviceDiff[], sides: Sides) {
  const title = html(`snapshot diff ${sides.before} -> ${afterWords(sides)}`)
  const same = diffs.filter(isSame).map(({ name }) => name)
  return present(
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${title}</h1>`,
    `<p>${html(diffSummary(diffs, sides))}</p>`,
    diffs.filter((diff) => !isSame(diff)).flatMap((diff) => section(diff, sides)),
    same.length > 0 && `<p>As before: ${same.map(html).join(', ')}</p>`,
    '</body>',
    '</html>',
    '',
  ).join('\n')
}

const STYLE = [
  'body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}',
  'h2{margin:2rem 0 .5rem}h2 small{font-weight:normal;color:#59636e}',
  'pre{background:#f6f8fa;padding:.75rem;overflow:auto}',
  'ins{background:#dafbe1;text-decoration:none}del{background:#ffebe9;text-decoration:none}',
  'table{border-collapse:collapse}th,td{border:1px solid #d1d9e0;padding:.25rem .6rem;text-align:left;vertical-align:top}',
  '.unknown{background:#fff8c5}',
].join('')

function section(diff: DeviceDiff, sides: Sides) {
  const name = html(diff.name)
  if (diff.known !== 'both') return [`<h2>${name}</h2>`, `<p>${html(onlyIn(diff, sides))}</p>`]
  const config = diff.config.map((line) => marked(line.sign, html(diffLineText(line, plain))))
  const own = diff.switch.map((line) => `<li>${html(line)}</li>`)
  const rows = Object.entries(diff.state).flatMap(([area, comparison]) =>
    comparison.comparable
      ? comparison.changes.map(
          ({ kind, text }) => `<tr><td>${html(area)}</td><td>${kind}</td><td>${html(text)}</td></tr>`,
        )
      : [`<tr class="unknown"><td>${html(area)}</td><td>not compared</td><td>${html(comparison.text)}</td></tr>`],
  )
  return present(
    `<h2>${name} <small>${html(sizeWords(sizeOf([diff])).join(', '))}</small></h2>`,
    config.length > 0 && `<pre>${config.join('\n')}</pre>`,
    own.length > 0 && `<ul>${own.join('')}</ul>`,
    rows.length > 0 && ['<table>', '<tr><th>area</th><th>kind</th><th>change</th></tr>', ...rows, '</table>'],
  )
}

function marked(sign: string, line: string) {
  if (sign === '+') return `<ins>${line}</ins>`
  return sign === '-' ? `<del>${line}</del>` : line
}

function html(text: string) {
  return xmlText(visibleLine(text))
}

export const snapshotDiffAs = {
  text: snapshotDiffText,
  json: snapshotDiffJson,
  markdown: snapshotDiffMarkdown,
  html: snapshotDiffHtml,
} as const

function snapshotDiffJson(diffs: readonly DeviceDiff[], { before, after }: Sides) {
  const devices = diffs.map(({ name, ...diff }) => [name, { same: isSame({ name, ...diff }), ...diff }] as const)
  return JSON.stringify({
    version: 1,
    kind: 'snapshot-diff',
    before,
    after: after ?? null,
    equal: diffs.every(isSame),
    devices: Object.fromEntries(devices),
  })
}

function snapshotDiffMarkdown(diffs: readonly DeviceDiff[], sides: Sides) {
  const differing = diffs.filter((diff) => !isSame(diff))
  return [
    '### eosflow snapshot diff',
    '',
    markdownText(diffSummary(diffs, sides)),
    '',
    ...differing.flatMap((diff) => deviceBlock(diff, sides)),
  ].join('\n')
}

function deviceBlock(diff: DeviceDiff, sides: Sides) {
  const name = markdownText(diff.name)
  if (diff.known !== 'both') return [`**${name}** ${markdownText(onlyIn(diff, sides))}`, '']
  const config = diff.config.map((line) => fencedLine(diffLineText(line, plain)))
  const areas = Object.entries(diff.state)
  const rows = areas.map(([area, comparison]) => {
    const lines = areaLines(area, comparison).map(markdownText).join('<br>')
    return `| ${markdownText(area)} | ${comparison.comparable ? lines : `⚠ ${lines}`} |`
  })
  return present(
    `<details open><summary>${name} (${sizeWords(sizeOf([diff])).join(', ')})</summary>`,
    '',
    config.length > 0 && ['```diff', ...config, '```', ''],
    diff.switch.map((line) => `- ${markdownText(line)}`),
    diff.switch.length > 0 && '',
    rows.length > 0 && ['| area | what became of it |', '| --- | --- |', ...rows, ''],
    '</details>',
    '',
  )
}

function snapshotDiffText(diffs: readonly DeviceDiff[], sides: Sides, style: Style) {
  const blocks = diffs.filter((diff) => !isSame(diff)).flatMap((diff) => [...deviceLines(diff, sides, style), ''])
  return [...blocks, `Diff: ${diffSummary(diffs, sides)}`].join('\n')
}

function deviceLines(diff: DeviceDiff, sides: Sides, style: Style) {
  const { name, known } = diff
  if (known !== 'both') return [style.bold(`${name} ${onlyIn(diff, sides)}`)]
  const states = Object.entries(diff.state).flatMap(([area, comparison]) => {
    const lines = areaLines(area, comparison).map((line) => `  ${visibleLine(line)}`)
    return comparison.comparable ? lines : lines.map(style.warning)
  })
  return [
    style.bold(`${name}   ${sizeWords(sizeOf([diff])).join(', ')}`),
    ...diff.config.map((line) => `  ${diffLineText(line, style)}`),
    ...diff.switch.map((line) => `  ${visibleLine(line)}`),
    ...states,
  ]
}
