import type { JsonObject } from '../../../../model/json.ts'
import { type Reply, refused } from '../../platform/facts.ts'
import type { Switch } from '../../switch/switch.ts'
import type { ExecCommand } from '../command/session-verbs.ts'
import { printed } from './show-config.ts'

// Where the file system of EOS has flash.
const FLASH = '/mnt/flash/'
const DEFAULT_IMAGE = 'flash:/EOS.swi'
const FLASH_BYTES = 4_000_000_000

/** The files on flash, as `dir` lists them and as one command of the shell of EOS reads them. */
export const FILE_COMMANDS: readonly ExecCommand[] = [
  // The files on flash; Ansible reads the head `Directory of flash:/`.
  {
    words: 'dir [(flash:|flash:/|all-filesystems)]',
    privileged: true,
    run: ({ device }) => ({ ok: true, json: () => entriesJson(device), text: () => directory(device) }),
  },
  // The log that outlives a reload: empty, because no simulated switch keeps one (ANTA recordings).
  {
    words: 'dir flash:/persist/messages',
    privileged: true,
    run: ({ device }) => ({
      ok: true,
      text: () => directoryText('/persist/messages', [messages(device)], freeBytes(device)),
    }),
  },
  // The size of flash and what is free of it; the keys that ANTA reads.
  {
    words: 'show file systems',
    run: ({ device }) => ({
      ok: true,
      json: () => ({
        fileSystems: [
          { prefix: 'flash:', fsType: 'flash', size: FLASH_BYTES, free: freeBytes(device), permission: 'rw' },
        ],
      }),
    }),
  },
  // What the next boot loads, and the password of Aboot; keys and words as other tools read them [I].
  {
    words: 'show boot-config',
    privileged: true,
    run: ({ device }) => ({ ok: true, json: () => bootJson(device), text: () => bootText(device) }),
  },
  // Only `cat` of a file on flash, as Ansible asks for `boot-config`; the simulator runs no other program.
  {
    words: 'bash <command...>',
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

function bootJson({ config: { boot } }: Switch): JsonObject {
  return {
    softwareImage: boot.system ?? DEFAULT_IMAGE,
    abootPassword: boot.secret ?? '(not set)',
    memTestIterations: 0,
  }
}

function bootText({ config: { boot } }: Switch) {
  return [
    `Software image: ${boot.system ?? DEFAULT_IMAGE}`,
    'Console speed: (not set)',
    `Aboot password (encrypted): ${boot.secret ?? '(not set)'}`,
    'Memory test iterations: (not set)',
    '',
  ].join('\n')
}

interface Listed {
  readonly permissions: string
  readonly bytes: number
  readonly date: string
  readonly name: string
}

const PERMISSIONS = '-rwx'

// What `dir` lists, as a model since its revision 2 (ANTA recordings).
function entriesJson(device: Switch): JsonObject {
  const entries = [...filesOf(device).keys()].map((name) => [name, { permissions: PERMISSIONS }] as const)
  return { urls: { 'flash:/': { entries: Object.fromEntries(entries) } } }
}

function directory(device: Switch) {
  const date = dateOf(device.config.savedAt)
  const files = [...filesOf(device)].map(([name, content]) => ({
    permissions: PERMISSIONS,
    bytes: Buffer.byteLength(content),
    date,
    name,
  }))
  return directoryText('/', files, freeBytes(device))
}

function directoryText(path: string, files: readonly Listed[], free: number) {
  const rows = files.map(
    ({ permissions, bytes, date, name }) =>
      `       ${permissions} ${String(bytes).padStart(11)}           ${date}  ${name}\n`,
  )
  return `Directory of flash:${path}\n\n${rows.join('')}\n${FLASH_BYTES} bytes total (${free} bytes free)\n`
}

function messages(device: Switch): Listed {
  return { permissions: '-rw-', bytes: 0, date: dateOf(device.config.savedAt), name: 'messages' }
}

function freeBytes(device: Switch) {
  const checkpoints = device.config.checkpoints.all().map(({ tree }) => printed(device, tree))
  return (
    FLASH_BYTES - [...filesOf(device).values(), ...checkpoints].reduce((sum, one) => sum + Buffer.byteLength(one), 0)
  )
}

function filesOf(device: Switch): ReadonlyMap<string, string> {
  const files: (readonly [string, string])[] = [
    ['boot-config', `SWI=${device.config.boot.system ?? DEFAULT_IMAGE}\n`],
    ...(device.config.hasStartup
      ? [['startup-config', printed(device, device.startup, 'show startup-config')] as const]
      : []),
    ...[...device.config.files].map(([name, tree]) => [name, printed(device, tree)] as const),
  ]
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

// `Jan 05 08:00`, UTC.
function dateOf(at: number) {
  const [, day, month, , time = ''] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${month} ${day} ${time.slice(0, 5)}`
}
