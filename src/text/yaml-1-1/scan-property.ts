import { isBlankOrEnd, type TextCursor } from './cursor.ts'

const NAME = /[0-9A-Za-z_-]+/y
const HANDLE = /![0-9A-Za-z_-]*!/y
const URI = /(?:[0-9A-Za-z_;/?:@&=+$.!~*'()%-]|,(?![\s,\]}]|$)|\[|\])*/y
const LOCAL = /(?:[0-9A-Za-z_;/?:@&=+$.!~*'()%-])*/y

/** The name of an anchor (`&name`) or an alias (`*name`), from its sign on. */
export function anchorName(cursor: TextCursor): string {
  cursor.at += 1
  const name = matched(cursor, NAME)
  const code = cursor.code()
  if (name === '' || !(isBlankOrEnd(code) || '?:,]}%@`'.includes(String.fromCharCode(code))))
    throw cursor.fault('the name of an anchor must be of letters, digits, "-" and "_"')
  return name
}

/** A tag as it is written, with its handle replaced: `!vault`, `tag:yaml.org,2002:str`. */
export function tagName(cursor: TextCursor, handles: ReadonlyMap<string, string>, inFlow: boolean): string {
  const tag = cursor.text.charAt(cursor.at + 1) === '<' ? verbatim(cursor) : shorthand(cursor, handles)
  const code = cursor.code()
  if (!isBlankOrEnd(code) && !(inFlow && code === 0x2c)) throw cursor.fault('a blank must follow a tag')
  return tag
}

function verbatim(cursor: TextCursor) {
  cursor.at += 2
  const uri = matched(cursor, URI)
  if (uri === '' || cursor.text.charAt(cursor.at) !== '>')
    throw cursor.fault('a tag that begins with "!<" ends with ">"')
  cursor.at += 1
  return unescaped(cursor, uri)
}

function shorthand(cursor: TextCursor, handles: ReadonlyMap<string, string>) {
  const handle = matched(cursor, HANDLE)
  if (handle === '') {
    cursor.at += 1
    return `!${unescaped(cursor, matched(cursor, LOCAL))}`
  }
  const prefix = handles.get(handle)
  if (prefix === undefined) throw cursor.fault(`the tag handle ${handle} is not declared`)
  const suffix = matched(cursor, LOCAL)
  if (suffix === '') throw cursor.fault('a name must follow the handle of a tag')
  return prefix + unescaped(cursor, suffix)
}

function unescaped(cursor: TextCursor, uri: string) {
  try {
    return uri.includes('%') ? decodeURIComponent(uri) : uri
  } catch {
    throw cursor.fault('a tag holds an escape that is no UTF-8')
  }
}

function matched(cursor: TextCursor, pattern: RegExp) {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0] ?? ''
  cursor.at += found.length
  return found
}
