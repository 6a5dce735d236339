import { structuredPatch } from 'diff'

const CONTEXT = 1

/** How one text differs from another, line by line, as `-`, `+` and blank lines with one line around each; a line `…` between places. */
export function lineDiff(before: string, after: string): readonly string[] {
  const { hunks } = structuredPatch('', '', ended(before), ended(after), undefined, undefined, { context: CONTEXT })
  return hunks.flatMap(({ lines }, index) => [...(index === 0 ? [] : ['…']), ...lines])
}

function ended(text: string) {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
