import { definedMembers } from '../../../../model/json.ts'
import { type ConfigTree, childAt, childLines, foundIn } from '../../../config/text/tree.ts'
import { DONE, printedLines, type Reply, refused } from '../../platform/facts.ts'
import type { LoggedCommand } from '../../switch/command-log.ts'
import type { Switch } from '../../switch/switch.ts'
import type { LogEntry } from '../../switch/syslog.ts'
import type { ExecCommand } from '../command/session-verbs.ts'

export const ACCOUNTING_COMMANDS: readonly ExecCommand[] = [
  // The commands of exec mode, where accounting of commands is configured to log them; ANTA recordings (text).
  {
    words: 'show aaa accounting logs',
    privileged: true,
    run: ({ device }) => ({
      ok: true,
      text: () => (isLogging(device.running) ? device.commandLog.commands().map(line).join('') : ''),
    }),
  },
]

function isLogging(running: ConfigTree) {
  return running.children.some((node) =>
    /^aaa accounting commands \S+ default (?:start-stop|stop-only) (?:.* )?logging\b/.test(node.line),
  )
}

function line({ at, by: { user, from }, privilege, cmd }: LoggedCommand) {
  const [, on = from, address = ''] = /^(\S+) \((.*)\)$/.exec(from) ?? []
  const where = `${user.padEnd(8)} ${on.padEnd(11)} ${address.padEnd(15)}`
  return `${stamp(at)} ${where} stop   service=shell priv-lvl=${privilege} cmd=${cmd}\n`
}

// `2023 May 10 15:50:31`, UTC.
function stamp(at: number) {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${year} ${month} ${day} ${time}`
}

const SEVERITIES = [
  'emergencies',
  'alerts',
  'critical',
  'errors',
  'warnings',
  'notifications',
  'informational',
  'debugging',
] as const

const UNITS: Readonly<Record<string, number>> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
}

/** The commands of the log buffer; `logOf` is what the network made a switch log. */
export function loggingCommands(logOf: (device: Switch) => readonly LogEntry[]): readonly ExecCommand[] {
  return [
    // The log buffer, oldest line first, cut by count, time and severity; text only (anta).
    {
      words: 'show logging [<filter...>]',
      run: ({ device }, { filter = '' }) => shown(device, filter, logOf),
    },
    // Writes a line into the log buffer; its words as ANTA looks for them.
    {
      words: 'send log level <level> message <text...>',
      privileged: true,
      run: ({ device, user }, { level = '', text = '' }) => {
        const severity = severityOf(level)
        if (severity === undefined) return refused(`Invalid input (at token 3: '${level}')`, 1002)
        const words = `Message from ${user.user} on ${user.from}: ${text}`
        device.syslog.write(device.now, device.config.hostname, {
          mnemonic: `SYS-${severity}-LOGMSG_${NAMES[severity]}`,
          words,
        })
        return DONE
      },
    },
  ]
}

const NAMES = ['EMERG', 'ALERT', 'CRIT', 'ERR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'] as const

function shown(device: Switch, filter: string, logOf: (device: Switch) => readonly LogEntry[]): Reply {
  const wanted = readFilter(filter)
  if (wanted === undefined) return refused('Invalid input', 1002)
  return {
    ok: true,
    text: () => {
      const all = [...device.syslog.entries(), ...logOf(device)].sort((a, b) => a.at - b.at)
      const buffer = printedLines(chosen(all, wanted, device.now))
      return filter === '' ? `${header(device.running)}\nLog Buffer:\n${buffer}` : buffer
    },
  }
}

interface Filter {
  readonly count?: number
  readonly since?: number
  readonly severity?: number
}

// `[last] N [seconds|minutes|hours|days]`, `[threshold] SEVERITY`, in any order (ANTA sends both).
function readFilter(text: string): Filter | undefined {
  const rest = text.replace(/\b(last|threshold|all|buffered|system)\b/g, ' ').trim()
  const [, before, number, unit, after] =
    /^([a-z]+)?\s*(?:(\d+)(?:\s+(seconds|minutes|hours|days))?)?\s*([a-z]+)?$/.exec(rest) ?? []
  const level = before ?? after
  const severity = level === undefined ? undefined : severityOf(level)
  if ((level !== undefined && severity === undefined) || (rest !== '' && level === undefined && number === undefined)) {
    return undefined
  }
  return {
    ...definedMembers({ severity }),
    ...(number === undefined
      ? {}
      : unit === undefined
        ? { count: Number(number) }
        : { since: Number(number) * (UNITS[unit] ?? 0) }),
  }
}

function severityOf(level: string) {
  if (/^[0-7]$/.test(level)) return Number(level)
  const at = (SEVERITIES as readonly string[]).indexOf(level)
  return at < 0 ? undefined : at
}

function chosen(all: readonly LogEntry[], { count, since, severity }: Filter, now: number) {
  const kept = all
    .filter(({ at }) => since === undefined || at >= now - since)
    .map(({ line }) => line)
    .filter((line) => severity === undefined || Number(/%[A-Z0-9_]+-(\d)-/.exec(line)?.[1] ?? 7) <= severity)
  return count === undefined ? kept : kept.slice(-count)
}

function header(running: ConfigTree) {
  const lines = childLines(running)
  const trap = foundIn(lines, /^logging trap(?: system)? ?(?:severity )?(\S+)$/)[0] ?? 'informational'
  const sources = lines.flatMap((line) => {
    const [, vrf = 'default', name] =
      /^logging (?:vrf (\S+) )?(?:local-interface|source-interface) (\S+)$/.exec(line) ?? []
    return name === undefined
      ? []
      : [`    Logging source-interface '${name}', IP Address ${addressOf(running, name)} in VRF ${vrf}`]
  })
  const hosts = lines.flatMap((line) => {
    const [, vrf = 'default', host, port = '514', protocol = 'udp'] =
      /^logging (?:vrf (\S+) )?host (\S+)(?: (\d+))?(?: protocol (\S+))?/.exec(line) ?? []
    return host === undefined ? [] : [`    Logging to '${host}' port ${port} in VRF ${vrf} via ${protocol}`]
  })
  return printedLines([
    `Syslog logging: ${lines.includes('no logging on') ? 'disabled' : 'enabled'}`,
    '    Buffer logging: level debugging',
    '    Console logging: level errors',
    '    Persistent logging: disabled',
    '    Monitor logging: level errors',
    '    Synchronous logging: disabled',
    `    Trap logging: level ${trap}`,
    ...sources,
    ...hosts,
    '    Sequence numbers: disabled',
    '',
  ])
}

function addressOf(running: ConfigTree, name: string) {
  return foundIn(childAt(running, `interface ${name}`)?.children ?? [], /^ip address ([\d.]+)\//)[0] ?? '0.0.0.0'
}
