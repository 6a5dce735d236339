import type { CliSession } from './command/cli-session.ts'
import { modeNames } from './mode-name.ts'

/** What EOS prints without a `prompt` line: host name, redundancy state, VRF, mode with `>` or `#` (docs/eos.md 5.2). */
const TEMPLATE = '%H%R%v%P'

/**
 * The prompt of a CLI: `leaf1>`, `leaf1#`, `leaf1(config)#`, `leaf1(config-s-change-if-Et1)#`. The name of a config
 * session is cut at the length of the EOS version; the host name is that of the running-config, so a commit that changes
 * it shows at once. Of a template set by `prompt`, `%H`, `%h`, `%P`, `%D{%T}`, `%%` mean something; the rest is empty.
 */
export function promptOf(cli: CliSession): string {
  const { hostname } = cli.device.config
  const line = cli.device.running.children.find((node) => node.line.startsWith('prompt '))?.line
  const template = line === undefined ? TEMPLATE : line.slice('prompt '.length)
  return template.replace(/%(D\{([^}]*)\}|.)/g, (_, word: string, format?: string) => {
    if (word === 'H') return hostname
    if (word === 'h') return hostname.split('.', 1)[0] ?? ''
    if (word === 'P') return modeOf(cli)
    if (word === '%') return '%'
    return format === undefined ? '' : timeOf(cli, format)
  })
}

function modeOf(cli: CliSession): string {
  const sign = cli.privileged ? '#' : '>'
  if (cli.mode === undefined) return sign
  const session = cli.session === undefined ? '' : `-s-${cli.session.slice(0, cli.device.behaviour.promptSession)}`
  return `(config${session}${modeNames(cli.mode.path)})${sign}`
}

/** `%T` and `%H:%M:%S` are hours, minutes and seconds; other letters of strftime are left out. */
function timeOf(cli: CliSession, format: string): string {
  const time = new Date(cli.device.now).toISOString().slice(11, 19)
  const [hours = '', minutes = '', seconds = ''] = time.split(':')
  const parts: Readonly<Record<string, string>> = { T: time, H: hours, M: minutes, S: seconds }
  return format.replace(/%(.)/g, (_, letter: string) => parts[letter] ?? '')
}
