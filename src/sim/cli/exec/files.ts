import type { Switch } from '../../switch/switch.ts'
import type { ExecCommand } from '../exec-command.ts'
import { type Reply, refused } from '../reply.ts'
import { printed } from './show-config.ts'

/** Where the file system of EOS has flash. */
const FLASH = '/mnt/flash/'
const FLASH_BYTES = 4_000_000_000

/** The files on flash, as `dir` lists them and as one command of the shell of EOS reads them. */
export const FILE_COMMANDS: readonly ExecCommand[] = [
  {
    words: 'dir [(flash:|all-filesystems)]',
    docs: 'The files on flash; Ansible reads the head `Directory of flash:/`.',
    privileged: true,
    run: ({ device }) => ({ ok: true, text: () => directory(device) }),
  },
  {
    words: 'bash <command...>',
    docs: 'Only `cat` of a file on flash, as Ansible asks for `boot-config`; the simulator runs no other program.',
    privileged: true,
    run: ({ device }, { command = '' }) => cat(device, command),
  },
]

function cat(device: Switch, command: string): Reply {
  const path = /^(?:timeout \d+ )?cat (\S+)$/.exec(command)?.[1]
  if (path === undefined) return refused('The simulator has no shell: bash runs only cat')
  const content = path.startsWith(FLASH) ? filesOf(device).get(path.slice(FLASH.length)) : undefined
  if (content === undefined) return refused(`cat: ${path}: No such file or directory`)
  return { ok: true, json: () => ({ messages: [content] }), text: () => content }
}

function directory(device: Switch): string {
  const files = filesOf(device)
  const rows = [...files].map(([name, content]) => {
    const size = String(Buffer.byteLength(content)).padStart(11)
    return `       -rwx ${size}           ${dateOf(device.config.savedAt)}  ${name}\n`
  })
  const used = [...files.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0)
  return `Directory of flash:/\n\n${rows.join('')}\n${FLASH_BYTES} bytes total (${FLASH_BYTES - used} bytes free)\n`
}

/** File name to content, by name. */
function filesOf(device: Switch): ReadonlyMap<string, string> {
  const image = device.config.printedBy.frame.header.map((row) => /flash:\S+/.exec(row)?.[0]).find(Boolean)
  const files: (readonly [string, string])[] = [
    ['boot-config', `SWI=${image ?? 'flash:/EOS.swi'}\n`],
    ['startup-config', printed(device, device.startup, 'show startup-config')],
    ...[...device.config.files].map(([name, tree]) => [name, printed(device, tree)] as const),
  ]
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `Jan 05 08:00`, UTC. */
function dateOf(at: number): string {
  const [, day, month, , time = ''] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${month} ${day} ${time.slice(0, 5)}`
}
