import type { ConfigTree } from '../../config/text/tree.ts'

/** The commands that a line means when its first word is an alias of the configuration; undefined when it is none. `%1` stands for the first word behind the alias and so on; without such places the words follow at the end (EOS manual, Command-Line Interface). */
export function expandAlias(tree: ConfigTree, line: string): readonly string[] | undefined {
  const [name = '', ...words] = line.trim().split(/\s+/)
  if (name === '') return undefined
  const head = `alias ${name} `
  for (const node of tree.children) {
    if (node.line.startsWith(head)) return [followed(node.line.slice(head.length), words)]
    if (node.line !== `alias ${name}`) continue
    const rows = node.children.map((child) => /^(\d+) (.+)$/.exec(child.line))
    const numbered = rows.filter((row) => row !== null).sort((a, b) => Number(a[1]) - Number(b[1]))
    return numbered.map(([, , command = '']) => filled(command, words))
  }
  return undefined
}

function followed(template: string, words: readonly string[]) {
  return /%\d/.test(template) ? filled(template, words) : [template, ...words].join(' ')
}

function filled(template: string, words: readonly string[]) {
  return template.replace(/%(\d+)/g, (_, place: string) => words[Number(place) - 1] ?? '').trimEnd()
}
