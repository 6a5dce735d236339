import { type ConfigChange, usualMargin } from './diff/diff.ts'
import { isNegated, positive } from './rules/draft.ts'
import { meaningOf } from './rules/rules.ts'

export function linesOfChanges(changes: readonly ConfigChange[]): readonly string[] {
  const added = changes.filter(({ sign }) => sign === '+')
  const settings = new Set(added.flatMap((change) => settingOf(change) ?? []))
  const gone = new Set<string>()
  const removed = changes.filter((change) => {
    if (change.sign === '+') return false
    gone.add(placeOf([...change.path, change.line]))
    const isWithinGone = change.path.some((_, depth) => gone.has(placeOf(change.path.slice(0, depth + 1))))
    return !isWithinGone && !settings.has(settingOf(change) ?? '')
  })
  const lines: string[] = []
  let open: readonly string[] = []
  const enter = (path: readonly string[], line: string, opens: readonly string[]) => {
    const shared = path.findIndex((block, depth) => open[depth] !== block)
    const from = shared === -1 ? path.length : shared
    for (const [depth, block] of path.entries())
      if (depth >= from) lines.push(usualMargin(path.slice(0, depth)) + block)
    lines.push(line)
    open = opens
  }
  for (const { path, line } of removed) enter(path, usualMargin(path) + negationOf(path, line), path)
  for (const { path, line, verbatim } of added) {
    if (verbatim === true) lines.push(line)
    else enter(path, usualMargin(path) + line, [...path, line])
  }
  return lines
}

function negationOf(path: readonly string[], line: string) {
  const { kind } = meaningOf(modeOf(path), positive(line))
  return isNegated(line) || kind === 'toggle' ? `default ${positive(line)}` : `no ${line}`
}

function settingOf({ path, line, verbatim }: ConfigChange) {
  if (verbatim === true) return undefined
  const { kind, key } = meaningOf(modeOf(path), positive(line))
  return kind === 'single' || kind === 'toggle' || kind === 'vlanList' ? placeOf([...path, key]) : undefined
}

function modeOf(path: readonly string[]) {
  return path.reduce((mode, line) => meaningOf(mode, positive(line)).block?.mode ?? 'unknown', 'root')
}

const placeOf = (path: readonly string[]) => JSON.stringify(path)
