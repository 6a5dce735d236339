import { diffLineText } from '../plan/text.ts'
import { fencedLine, markdownText } from '../text/markdown-text.ts'
import { plain, type Style } from '../text/style.ts'
import { visibleLine } from '../text/visible.ts'
import { xmlText } from '../text/xml-text.ts'
import {
  afterWords,
  areaLines,
  type DeviceDiff,
  diffSummary,
  isSame,
  type Sides,
  sizeOf,
  sizeWords,
} from './snapshot-diff.ts'

function snapshotDiffHtml(diffs: readonly DeviceDiff[], sides: Sides) {
  const title = html(`snapshot diff ${sides.before} -> ${afterWords(sides)}`)
  const same = diffs.filter(isSame).map(({ name }) => name)
  return [
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
    ...diffs.filter((diff) => !isSame(diff)).flatMap((diff) => section(diff, sides)),
    ...(same.length === 0 ? [] : [`<p>As before: ${same.map(html).join(', ')}</p>`]),
    '</body>',
    '</html>',
    '',
  ].join('\n')
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
  if (diff.known !== 'both') {
    const side = diff.known === 'before' ? sides.before : afterWords(sides)
    return [`<h2>${name}</h2>`, `<p>is in ${html(side)} only</p>`]
  }
  const config = diff.config.map((line) => marked(line.sign, html(diffLineText(line, plain))))
  const own = diff.switch.map((line) => `<li>${html(line)}</li>`)
  const rows = Object.entries(diff.state).flatMap(([area, comparison]) =>
    comparison.comparable
      ? comparison.changes.map(
          ({ kind, text }) => `<tr><td>${html(area)}</td><td>${kind}</td><td>${html(text)}</td></tr>`,
        )
      : [`<tr class="unknown"><td>${html(area)}</td><td>not compared</td><td>${html(comparison.text)}</td></tr>`],
  )
  return [
    `<h2>${name} <small>${html(sizeWords(sizeOf([diff])).join(', '))}</small></h2>`,
    ...(config.length === 0 ? [] : [`<pre>${config.join('\n')}</pre>`]),
    ...(own.length === 0 ? [] : [`<ul>${own.join('')}</ul>`]),
    ...(rows.length === 0
      ? []
      : ['<table>', '<tr><th>area</th><th>kind</th><th>change</th></tr>', ...rows, '</table>']),
  ]
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
  if (diff.known !== 'both') {
    const side = diff.known === 'before' ? sides.before : afterWords(sides)
    return [`**${name}** is in ${markdownText(side)} only`, '']
  }
  const config = diff.config.map((line) => fencedLine(diffLineText(line, plain)))
  const areas = Object.entries(diff.state)
  const rows = areas.map(([area, comparison]) => {
    const lines = areaLines(area, comparison).map(markdownText).join('<br>')
    return `| ${markdownText(area)} | ${comparison.comparable ? lines : `⚠ ${lines}`} |`
  })
  return [
    `<details open><summary>${name} (${sizeWords(sizeOf([diff])).join(', ')})</summary>`,
    '',
    ...(config.length === 0 ? [] : ['```diff', ...config, '```', '']),
    ...diff.switch.map((line) => `- ${markdownText(line)}`),
    ...(diff.switch.length === 0 ? [] : ['']),
    ...(rows.length === 0 ? [] : ['| area | what became of it |', '| --- | --- |', ...rows, '']),
    '</details>',
    '',
  ]
}

function snapshotDiffText(diffs: readonly DeviceDiff[], sides: Sides, style: Style) {
  const blocks = diffs.filter((diff) => !isSame(diff)).flatMap((diff) => [...deviceLines(diff, sides, style), ''])
  return [...blocks, `Diff: ${diffSummary(diffs, sides)}`].join('\n')
}

function deviceLines(diff: DeviceDiff, sides: Sides, style: Style) {
  const { name, known } = diff
  if (known !== 'both') {
    return [style.bold(`${name} is in ${known === 'before' ? sides.before : afterWords(sides)} only`)]
  }
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
