import { diffLineText } from '../plan/text.ts'
import { plain } from '../text/style.ts'
import { visibleLine } from '../text/visible.ts'
import { xmlText } from '../text/xml-text.ts'
import { afterWords, type DeviceDiff, diffSummary, isSame, type Sides, sizeOf, sizeWords } from './snapshot-diff.ts'

/** A comparison as one page that needs nothing else: no script, no font, no request. Everything from a switch is escaped. */
export function snapshotDiffHtml(diffs: readonly DeviceDiff[], sides: Sides): string {
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

function section(diff: DeviceDiff, sides: Sides): readonly string[] {
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

function marked(sign: string, line: string): string {
  if (sign === '+') return `<ins>${line}</ins>`
  return sign === '-' ? `<del>${line}</del>` : line
}

function html(text: string): string {
  return xmlText(visibleLine(text))
}
