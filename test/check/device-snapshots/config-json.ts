import type { JsonObject } from '../../../src/model/json.ts'

interface Block {
  readonly comments: readonly string[]
  readonly cmds: Record<string, Block | null>
}

/**
 * The JSON form of a running configuration: each line a key, with null or the block below it (docs/eos.md 4.1). None of the
 * recorded configurations has a banner.
 */
export function configJson(text: string): JsonObject {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('!'))
  const open: Block[] = [block()]
  for (const [at, line] of lines.entries()) {
    if (line.trim() === 'end') continue
    const depth = depthOf(line)
    const hasBlock = depthOf(lines[at + 1] ?? '') > depth || line.startsWith('interface ')
    const below = hasBlock ? block() : null
    const around = open[depth]
    if (around === undefined) throw new Error(`no block around: ${line}`)
    around.cmds[line.trim()] = below
    open.length = depth + 1
    if (below !== null) open.push(below)
  }
  return { header: [], ...open[0] } as JsonObject
}

const block = (): Block => ({ comments: [], cmds: {} })

const depthOf = (line: string): number => line.search(/\S|$/) / 3
