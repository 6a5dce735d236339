import type { TextCursor } from './cursor.ts'

/** What the handles of tags mean that no directive declares. */
export const TAG_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
])

/** Takes the directive that is to be read, to the end of its line, and gives its name: a `%TAG` is put into `handles`. Throws YamlFault. */
export function directiveName(cursor: TextCursor, handles: Map<string, string>): string {
  const end = cursor.text.slice(cursor.at).search(/[\r\n\0]/)
  const line = cursor.text.slice(cursor.at, cursor.at + end)
  const [name = '', ...words] = line
    .replace(/\s#.*$/, '')
    .trim()
    .split(/[ \t]+/)
  if (name === '%YAML' && !/^1\.[12]$/.test(words.join(' '))) throw cursor.fault('this is not YAML 1.1')
  if (name === '%TAG') handles.set(words[0] ?? '', words[1] ?? '')
  cursor.at += end
  return name
}
