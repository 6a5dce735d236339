import { readConfig } from '../../app/read-config.ts'
import { secretlessLines } from '../../app/secretless-lines.ts'
import { diffSize, isEmptyChange, presentChanges } from '../../config/changes.ts'
import { type ConfigDiff, diffConfig } from '../../config/diff.ts'
import { count } from '../../report/count.ts'
import { diffLineText } from '../../report/plan/text.ts'
import { colored, plain } from '../../report/style.ts'
import type { Invocation } from '../io.ts'

/** How two configuration files differ, as changes: which commands come and go, and where they stand. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const [a = '', b = ''] = args
  const diff = diffConfig(readConfig(io, a), readConfig(io, b))
  if (global.json) io.out(`${JSON.stringify(json(diff))}\n`)
  else {
    const style = io.color ? colored : plain
    const rows = withoutSecrets(presentChanges(diff.changes)).map((line) => `${diffLineText(line, style)}\n`)
    io.out(`${rows.join('')}${summary(diff)}\n`)
  }
  return options.detailedExitcode === true && !isEmptyChange(diff) ? 2 : 0
}

function withoutSecrets<Line extends { readonly text: string }>(lines: readonly Line[]): Line[] {
  const redacted = secretlessLines(lines.map(({ text }) => text))
  return lines.map((line, index) => ({ ...line, text: redacted[index] ?? '' }))
}

function json(diff: ConfigDiff): object {
  const lines = secretlessLines(diff.changes.map(({ line }) => line))
  return {
    version: 1,
    kind: 'config-diff',
    equal: isEmptyChange(diff),
    changes: diff.changes.map(({ sign, path }, index) => ({ sign, path: secretlessLines(path), line: lines[index] })),
    layoutLines: layoutLines(diff),
  }
}

/** Lines that differ and that no switch acts upon. */
function layoutLines(diff: ConfigDiff): number {
  return diffSize(diff) - diff.changes.length
}

function summary(diff: ConfigDiff): string {
  const added = diff.changes.filter(({ sign }) => sign === '+').length
  const layout = layoutLines(diff)
  const rest = layout === 0 ? '' : ` · ${count(layout, 'line')} of order and layout`
  if (isEmptyChange(diff)) return `Diff: the same commands${rest}`
  return `Diff: +${added} -${diff.changes.length - added} lines${rest}`
}
