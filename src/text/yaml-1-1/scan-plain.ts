import { isBlank, isBlankOrEnd, isBreak, type TextCursor } from './cursor.ts'
import { type Gap, gap } from './scan-gap.ts'

const COLON = 0x3a
const HASH = 0x23
const QUESTION = 0x3f
const SPACE = 0x20

function isFlowIndicator(code: number) {
  return code === 0x2c || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d
}

/** `simple` is false where it ended behind a line break. */
export function plainScalar(cursor: TextCursor, indent: number, inFlow: boolean): { text: string; endsLine: boolean } {
  let text = ''
  let between: Gap = { text: '', hasBreak: false }
  for (;;) {
    if (cursor.code() === HASH || cursor.atDocumentMark()) break
    const from = cursor.at
    plainPart(cursor, inFlow)
    if (cursor.at === from) break
    const part = cursor.text.slice(from, cursor.at)
    text = text === '' ? part : text + between.text + part
    between = { text: '', hasBreak: false }
    const code = cursor.code()
    if (!isBlank(code) && !isBreak(code)) break
    between = gap(cursor, false, indent)
    if (between.hasBreak && !inFlow && cursor.column < indent) break
  }
  return { text, endsLine: between.hasBreak }
}

function plainPart(cursor: TextCursor, inFlow: boolean) {
  const { text } = cursor
  let at = cursor.at
  let end = at
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === SPACE) {
      at += 1
      if (text.charCodeAt(at) === HASH) break
    } else if (isSpecial(code) && endsPart(cursor, at, code, inFlow)) break
    else {
      at += 1
      end = at
    }
  }
  cursor.at = end
}

function isSpecial(code: number) {
  return code < SPACE || code === COLON || code > 0x7f || isFlowIndicator(code)
}

function endsPart(cursor: TextCursor, at: number, code: number, inFlow: boolean) {
  if (code === COLON) return endsAtColon(cursor, at, inFlow)
  return isBlankOrEnd(code) || (inFlow && isFlowIndicator(code))
}

function endsAtColon(cursor: TextCursor, at: number, inFlow: boolean) {
  const next = cursor.text.charCodeAt(at + 1)
  if (isBlankOrEnd(next)) return true
  if (!inFlow || !(isFlowIndicator(next) || next === QUESTION)) return false
  cursor.at = at
  throw cursor.fault('unexpected ":"', 'put the text in quotes')
}
