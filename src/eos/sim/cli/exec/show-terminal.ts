import { interfacesOf } from '../../../config/text/interface-name.ts'
import { renderConfig } from '../../../config/text/parse.ts'
import { type ConfigNode, type ConfigTree, childAt } from '../../../config/text/tree.ts'
import { printedLines, type Reply, refused } from '../../platform/facts.ts'
import type { CliSession, ExecCommand } from '../command/session-verbs.ts'

export const SHOW_TERMINAL_COMMANDS: readonly ExecCommand[] = [
  // The login banner; the JSON key is the one that Ansible reads.
  {
    words: 'show banner login',
    run: ({ device }) => banner(device.running, 'login', 'loginBanner'),
  },
  // The message of the day; the JSON key is the one that Ansible reads.
  {
    words: 'show banner motd',
    run: ({ device }) => banner(device.running, 'motd', 'motd'),
  },
  // What the configuration holds of the mode one is in; text only. `all` does not add the defaults.
  {
    words: 'show active [all]',
    privileged: true,
    run: active,
  },
  // The privilege level of this CLI [I].
  {
    words: 'show privilege',
    run: (cli) => {
      const level = cli.privileged ? 15 : cli.user.privilege
      return {
        ok: true,
        json: () => ({ privilegeLevel: level }),
        text: () => `Current privilege level is ${level}\n`,
      }
    },
  },
  // Who is logged in on which terminal line; the columns are [I].
  {
    words: 'show users',
    run: ({ device, user }) => ({
      ok: true,
      text: () => {
        const rows = device.terminals.all().map(({ line, user: name, address, since }) => {
          const mark = line === user.terminal?.line ? '*' : ' '
          return `${mark} ${line.padEnd(10)} ${name.padEnd(14)} ${idleOf(device.now - since).padEnd(10)} ${address}\n`
        })
        return `  ${'Line'.padEnd(10)} ${'User'.padEnd(14)} ${'Idle'.padEnd(10)} Location\n${rows.join('')}`
      },
    }),
  },
]

/** A banner of a configuration, without its `EOF`; undefined where there is none. */
export function bannerOf(tree: ConfigTree, kind: 'login' | 'motd'): string | undefined {
  const rows = childAt(tree, `banner ${kind}`)?.body?.[0]
  return rows && printedLines(rows.slice(0, -1))
}

function banner(tree: ConfigTree, kind: 'login' | 'motd', key: string): Reply {
  const text = bannerOf(tree, kind) ?? ''
  return { ok: true, json: () => ({ [key]: text }), text: () => text }
}

function active({ mode }: CliSession): Reply {
  const path = mode?.path.map(({ line }) => line) ?? []
  if (mode === undefined || path.length === 0) return refused("Invalid input (at token 1: 'active')", 1002)
  return { ok: true, text: () => renderConfig({ children: along(mode.tree.children, path), tail: [] }) }
}

function along(nodes: readonly ConfigNode[], path: readonly string[]): readonly ConfigNode[] {
  const [opener = '', ...rest] = path
  const lines = opener.startsWith('interface ')
    ? interfacesOf(opener.slice('interface '.length)).map((name) => `interface ${name}`)
    : [opener]
  return nodes
    .filter(({ line }) => lines.includes(line))
    .map((node) => ({ ...node, lead: [], children: rest.length === 0 ? node.children : along(node.children, rest) }))
}

function idleOf(milliseconds: number) {
  return new Date(milliseconds).toISOString().slice(11, 19)
}
