export type LineGlob = readonly string[]

export interface LineGlobFault {
  readonly at: number
  readonly message: string
  readonly hint: string
}

const BETWEEN = ' > '

/**
 * Reads `interface Ethernet* > error-correction encoding *`: the blocks and the line, with ` > ` between them; `*` is any text, and all else is what it is. What is wrong
 * with it is given instead.
 */
export function readLineGlob(text: string): LineGlob | LineGlobFault {
  const glob = text.split(BETWEEN)
  let at = 0
  for (const part of glob) {
    const fault = faultOf(part)
    if (fault !== undefined) return { at, ...fault }
    at += part.length + BETWEEN.length
  }
  if (glob.every((part) => /^\*+$/.test(part)))
    return {
      at: 0,
      message: `\`${text}\` means whatever there is`,
      hint: 'name the block, or the first words of the line',
    }
  return glob
}

function faultOf(part: string): Omit<LineGlobFault, 'at'> | undefined {
  if (part.trim() === '')
    return {
      message: 'a block or a line is empty',
      hint: 'write `BLOCK > LINE`, or the line alone where no block holds it',
    }
  if (part !== part.trim())
    return {
      message: `\`${part}\` begins or ends with a blank, and no line does`,
      hint: 'put one blank around each `>`',
    }
  if (/(?:^|\S)>|>(?:\S|$)/.test(part))
    return {
      message: `\`${part}\` has a \`>\` without a blank on each side`,
      hint: 'write ` > ` between a block and its line; `*` also means a `>` within a line',
    }
  return undefined
}

export function isMeant(glob: LineGlob, place: readonly string[]): boolean {
  return glob.length === place.length && glob.every((part, index) => fits(part, place[index] ?? ''))
}

function fits(glob: string, text: string) {
  const [first = '', ...rest] = glob.split('*')
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
