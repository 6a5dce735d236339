import { type ConfigChange, type ConfigDiff, type HunkRow, usualMargin } from './diff.ts'

/** Whether two configurations hold the same commands: they may still differ in order, `!`, blank lines and spacing. */
export function isEmptyChange(diff: ConfigDiff): boolean {
  return diff.changes.length === 0
}

/** Lines taken away and added, layout included: what `git diff --numstat` counts for the two texts. */
export function diffSize(diff: ConfigDiff): number {
  let size = 0
  for (const { remove, add } of diff.layout) size += rowsIn(remove) + rowsIn(add)
  return size
}

function rowsIn(rows: readonly HunkRow[]) {
  let count = 0
  for (const row of rows) count += typeof row === 'number' ? row : 1
  return count
}

export interface ChangeLine {
  readonly sign: '+' | '-' | ' '
  /** With the indentation EOS gives it; lines of a heredoc as they are written. */
  readonly text: string
}

/**
 * The changes grouped under the commands they stand under, each block once, layout left out.
 *
 * @example
 * interface Ethernet1
 * -   description to spine1
 * +   description to spine2
 */
export function presentChanges(changes: readonly ConfigChange[]): ChangeLine[] {
  const root = new Group(' ', '', undefined)
  for (const change of changes) root.place(change)
  return root.lines()
}

class Group {
  private readonly sign: ChangeLine['sign']
  private readonly text: string
  private readonly parent: Group | undefined
  private readonly members: Group[] = []
  private readonly blocks = new Map<string, Group>()

  constructor(sign: ChangeLine['sign'], text: string, parent: Group | undefined) {
    this.sign = sign
    this.text = text
    this.parent = parent
  }

  place(change: ConfigChange): void {
    let group: Group = this
    change.path.forEach((line, depth) => {
      group = group.block(change.sign, line) ?? group.add(' ', line, usualMargin(change.path.slice(0, depth)) + line)
    })
    const text = change.verbatim ? change.line : usualMargin(change.path) + change.line
    group.add(change.sign, change.line, text)
  }

  lines(): ChangeLine[] {
    const own = this.parent === undefined ? [] : [{ sign: this.sign, text: this.text }]
    return [...own, ...this.members.flatMap((member) => member.lines())]
  }

  private block(sign: '+' | '-', line: string): Group | undefined {
    return this.blocks.get(sign + line) ?? this.blocks.get(` ${line}`)
  }

  private add(sign: ChangeLine['sign'], line: string, text: string): Group {
    const member = new Group(sign, text, this)
    this.members.push(member)
    this.blocks.set(sign + line, member)
    return member
  }
}
