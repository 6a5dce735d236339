import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { orderGroup } from '../../../eos/config/diff/order.ts'
import { linesOfChanges } from '../../../eos/config/lines-of-changes.ts'
import type { ConfigTree } from '../../../eos/config/text/tree.ts'

/** What EOS asks, or reads, in the order in which it was entered, of one block of a configuration. */
interface Group {
  readonly path: readonly string[]
  readonly name: string
}

/** The groups in which a line comes again. */
function groupsOf(changes: readonly ConfigChange[]): readonly Group[] {
  const groups = changes.flatMap(({ sign, path, line, verbatim }) => {
    const name = sign === '-' || verbatim === true ? undefined : orderGroup(line, path.at(-1))
    return name === undefined ? [] : [{ path, name }]
  })
  return [...new Map(groups.map((group) => [JSON.stringify(group), group])).values()]
}

function linesIn({ children }: ConfigTree, { path, name }: Group): readonly string[] {
  const block = path.reduce((nodes, opener) => nodes.find(({ line }) => line === opener)?.children ?? [], children)
  return block.map(({ line }) => line).filter((line) => orderGroup(line, path.at(-1)) === name)
}

/** Whether the lines that come again with these changes stand among the others as they did before. */
export function isInOrder(changes: readonly ConfigChange[], before: ConfigTree, made: ConfigTree): boolean {
  return groupsOf(changes).every((group) => {
    const [was, is] = [linesIn(before, group), linesIn(made, group)]
    return was.filter((line) => is.includes(line)).join('\n') === is.filter((line) => was.includes(line)).join('\n')
  })
}

/**
 * The lines of a merge that makes these changes and puts what comes again in its place: EOS appends what is typed, so that what stands behind it is taken away,
 * and typed again behind it.
 */
export function linesInOrder(changes: readonly ConfigChange[], before: ConfigTree, now: ConfigTree): readonly string[] {
  const away: ConfigChange[] = []
  const typed: ConfigChange[] = []
  for (const group of groupsOf(changes)) {
    const [was, is] = [linesIn(before, group), linesIn(now, group)]
    const { path } = group
    const isOfGroup = (one: ConfigChange): boolean => isAt(one, path) && was.includes(one.line)
    const come = was.filter((line) => changes.some((one) => one.sign === '+' && isOfGroup(one) && one.line === line))
    const gone = changes.filter((one) => one.sign === '-' && isOfGroup(one)).map(({ line }) => line)
    const kept = is.filter((line) => !gone.includes(line))
    const cut = kept.findIndex((line) => was.indexOf(line) > was.indexOf(come[0] ?? ''))
    const behind = cut < 0 ? [] : kept.slice(cut)
    for (const line of behind) away.push({ sign: '-', path, line })
    for (const line of together(was, come, behind)) typed.push({ sign: '+', path, line })
  }
  const others = changes.filter(
    (one) => !typed.some((other) => isAt(one, other.path) && one.line === other.line && one.sign === '+'),
  )
  return [...linesOfChanges(away), ...linesOfChanges([...others, ...typed])]
}

const isAt = (change: ConfigChange, path: readonly string[]): boolean =>
  JSON.stringify(change.path) === JSON.stringify(path)

/** What stands behind, with each line that comes before the first one that stood behind it. */
function together(was: readonly string[], come: readonly string[], behind: readonly string[]): readonly string[] {
  const left = [...come]
  const lines = behind.flatMap((line) => {
    const until = left.findIndex((one) => was.indexOf(one) > was.indexOf(line))
    const before = was.includes(line) ? left.splice(0, until < 0 ? left.length : until) : []
    return [...before, line]
  })
  return [...lines, ...left]
}
