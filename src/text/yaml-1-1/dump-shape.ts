export interface Shape {
  readonly isMultiline: boolean
  readonly isPlainInFlow: boolean
  readonly isPlainInBlock: boolean
  readonly isSingleQuoted: boolean
  readonly isBlock: boolean
}

const BREAKS: ReadonlySet<string> = new Set(['\n', '\r', '\x85', '\u2028', '\u2029'])

export function isLineBreak(sign: string | undefined): boolean {
  return sign !== undefined && BREAKS.has(sign)
}

export function isPrintable(sign: string): boolean {
  const code = sign.codePointAt(0) ?? 0
  if (code <= 0x7e) return code === 0x0a || code >= 0x20
  return code >= 0xa0 && code <= 0xfffd && code !== 0xfeff && (code <= 0xd7ff || code >= 0xe000)
}

function isGap(sign: string | undefined) {
  return sign === undefined || sign === ' ' || sign === '\t' || sign === '\0' || BREAKS.has(sign)
}

const EMPTY: Shape = {
  isMultiline: false,
  isPlainInFlow: false,
  isPlainInBlock: true,
  isSingleQuoted: true,
  isBlock: false,
}

const FIRST_SIGNS: ReadonlySet<string> = new Set('#,[]{}&*!|>\'"%@`')
const FLOW_SIGNS: ReadonlySet<string> = new Set(',?[]{}')

/** The forms of a text, given by its characters (as libyaml 0.2.5 finds them). */
export function shapeOf(signs: readonly string[]): Shape {
  const [first] = signs
  if (first === undefined) return EMPTY
  const last = signs.at(-1)
  const { inFlow, inBlock } = indicatorsIn(signs)
  const { hasBreak, hasSpecial, isSpaceBehindBreak, isBreakBehindSpace } = blanksIn(signs)
  const isSharp = hasSpecial || isBreakBehindSpace
  const isBlankAtEnds = first === ' ' || last === ' ' || isLineBreak(first) || isLineBreak(last)
  const isPlain = !isSharp && !isBlankAtEnds && !isSpaceBehindBreak && !hasBreak
  return {
    isMultiline: hasBreak,
    isPlainInFlow: isPlain && !inFlow,
    isPlainInBlock: isPlain && !inBlock,
    isSingleQuoted: !isSharp && !isSpaceBehindBreak,
    isBlock: !isSharp && last !== ' ',
  }
}

function indicatorsIn(signs: readonly string[]) {
  const start = signs.slice(0, 3).join('')
  const inBlock = start === '---' || start === '...' || signs.some((_, index) => isIndicator(signs, index))
  const inFlow = signs.some((sign, index) => sign === ':' || (index === 0 ? sign === '?' : FLOW_SIGNS.has(sign)))
  return { inFlow: inFlow || inBlock, inBlock }
}

function isIndicator(signs: readonly string[], index: number) {
  const sign = signs[index] ?? ''
  if (index === 0 && FIRST_SIGNS.has(sign)) return true
  if (index > 0 && sign === '#') return isGap(signs[index - 1])
  return (sign === ':' || (index === 0 && '?-'.includes(sign))) && isGap(signs[index + 1])
}

function blanksIn(signs: readonly string[]) {
  let [hasBreak, hasSpecial, isSpaceBehindBreak, isBreakBehindSpace] = [false, false, false, false]
  for (const [index, sign] of signs.entries()) {
    const isBreak = isLineBreak(sign)
    const before = signs[index - 1]
    hasSpecial ||= !isPrintable(sign)
    hasBreak ||= isBreak
    isSpaceBehindBreak ||= sign === ' ' && isLineBreak(before)
    isBreakBehindSpace ||= isBreak && before === ' '
  }
  return { hasBreak, hasSpecial, isSpaceBehindBreak, isBreakBehindSpace }
}
