import { isBlank, isBreak, type TextCursor } from './cursor.ts'

const TAB = 0x09

export interface Gap {
  readonly text: string
  readonly hasBreak: boolean
}

/** `wasFolded` says that a break was escaped just before. A tab may not be left of `indent`. */
export function gap(cursor: TextCursor, wasFolded: boolean, indent: number): Gap {
  const from = cursor.at
  while (isBlank(cursor.code())) cursor.at += 1
  if (!isBreak(cursor.code()) && !wasFolded) return { text: cursor.text.slice(from, cursor.at), hasBreak: false }
  const first = wasFolded ? '' : cursor.skipBreak()
  const others = furtherBreaks(cursor, indent)
  if (first !== '\n') return { text: first + others, hasBreak: true }
  return { text: others === '' ? ' ' : others, hasBreak: true }
}

function furtherBreaks(cursor: TextCursor, indent: number) {
  let breaks = ''
  for (;;) {
    const code = cursor.code()
    if (isBreak(code)) breaks += cursor.skipBreak()
    else if (isBlank(code)) {
      if (code === TAB && cursor.column < indent)
        throw cursor.fault('a tab is where the indentation must be of spaces', 'use spaces')
      cursor.at += 1
    } else return breaks
  }
}
