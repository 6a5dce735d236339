import type { Draft } from './draft.ts'

/** What says who a neighbour is and no group gives otherwise. */
const OWN = /^(?:peer[ -]group|remote-as|description)\b/

/**
 * Whether `no LINE` is said of a member of a peer group, whose group may give what the member then has not: EOS keeps such a `no`, also where the group gives nothing
 * (docs/eos.md 4.8). What the member has itself goes first, and nothing is kept unless the group gives it.
 *
 * @param blocks the blocks that the command is typed in, outermost first: a member of an address family is one of its process
 */
export function overridesGroup(line: string, key: string, blocks: readonly Draft[]): boolean {
  const [, name = '', setting = ''] = /^neighbor (\S+) (\S.*)$/.exec(line) ?? []
  const block = blocks.at(-1)
  if (block === undefined || setting === '' || OWN.test(setting)) return false
  const group = blocks.map((one) => groupOf(one, name)).find((found) => found !== undefined)
  if (group === undefined) return false
  const isOwn = block.children.some((child) => child.key === key || child.line.startsWith(`${line} `))
  return !isOwn || block.withKey(key.replace(`neighbor ${name} `, `neighbor ${group} `)) !== undefined
}

function groupOf({ children }: Draft, name: string): string | undefined {
  const heads = [`neighbor ${name} peer group `, `neighbor ${name} peer-group `]
  for (const { line } of children) {
    const head = heads.find((one) => line.startsWith(one))
    if (head !== undefined) return line.slice(head.length)
  }
  return undefined
}
