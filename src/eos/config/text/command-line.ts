import { isTerminator } from './heredoc.ts'
import type { ConfigTree } from './tree.ts'
import { foundIn } from './tree.ts'

/** Takes `no` or `default` off a command. */
export function parseVerb(line: string): { verb: '' | 'no' | 'default'; line: string } {
  if (line.startsWith('no ')) return { verb: 'no', line: line.slice(3).trimStart() }
  if (line.startsWith('default ') && !line.startsWith('default-')) {
    return { verb: 'default', line: line.slice(8).trimStart() }
  }
  return { verb: '', line }
}

/**
 * A command as the running-config says it, where its verb is typed otherwise: `vxlan vlan add 10 vni 10010` and `vxlan vlan
 * remove 10 vni`, which pyeapi types, change a list of which each member has a line of its own.
 */
export function spelledOut(text: string): string {
  const { verb, line } = parseVerb(text)
  const [, change, vlan = '', vni = ''] = /^vxlan vlan (add|remove) (\d+) (vni.*)$/.exec(line) ?? []
  if (change === undefined || verb !== '') return text
  return `${change === 'add' ? '' : 'no '}vxlan vlan ${vlan} ${vni}`
}

/** Blank lines and `!` do nothing and leave no mode; `!! text` is a comment of a submode. */
export function isNothing(line: string, inSubmode: boolean): boolean {
  return line === '' || (line.startsWith('!') && !(inSubmode && line.startsWith('!!')))
}

export function bodiesOf(input: string, count: number): string[][] {
  const bodies: string[][] = [[]]
  for (const raw of input.replace(/\n$/, '').split('\n')) {
    bodies.at(-1)?.push(raw.replace(/\r$/, ''))
    if (isTerminator(raw) && bodies.length < count) bodies.push([])
  }
  return bodies.map((body) => (isTerminator(body.at(-1) ?? '') ? body : [...body, 'EOF']))
}

/** The EOS version that the header of a running-config names (docs/eos.md 4.1). */
export function versionIn(tree: ConfigTree): string | undefined {
  const header = tree.children[0]?.lead ?? tree.tail
  return foundIn(header, /EOS-(\d+\.\d+\S*?)\)/)[0]
}
