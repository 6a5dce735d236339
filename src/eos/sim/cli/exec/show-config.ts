import { unifiedDiff } from '../../../config/diff/unified.ts'
import { redact } from '../../../config/secrets/redact.ts'
import { sectionedDiff } from '../../../config/sectioned.ts'
import { interfacesOf } from '../../../config/text/interface-name.ts'
import { parseConfig } from '../../../config/text/parse.ts'
import { renderConfig } from '../../../config/text/render.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import { type Reply, refused } from '../../platform/reply.ts'
import { withDefaults } from '../../platform/with-defaults.ts'
import { configJson, configText } from '../../switch/running-config.ts'
import { checkpointsText, sessionsDetailText, sessionsJson, sessionsText } from '../../switch/session-show.ts'
import type { Switch } from '../../switch/switch.ts'
import type { CliSession } from '../command/cli-session.ts'
import type { ExecCommand } from '../command/exec-command.ts'
import { throughPipe } from '../command/pipe.ts'

const RUNNING = 'show running-config'
const STARTUP = 'show startup-config'

export function printed(device: Switch, tree: ConfigTree, command = RUNNING): string {
  return configText(tree, command, device.config.printedBy)
}

function configReply(device: Switch, tree: ConfigTree, command: string, made = () => tree): Reply {
  return {
    ok: true,
    stable: device.config.printStamp(tree),
    json: () => configJson(made(), command, device.config.printedBy, device.behaviour.shortJsonHeader),
    text: () => printed(device, made(), command),
  }
}

function sanitized({ running }: Switch) {
  return parseConfig(redact(renderConfig(running), () => '<removed>'))
}

function textOnly(text: () => string): Reply {
  return { ok: true, text }
}

function section(device: Switch, pattern: string): Reply {
  return textOnly(() => throughPipe(printed(device, device.running), { word: 'section', pattern }))
}

function literal(name: string) {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function diffText(device: Switch, before: ConfigTree, after: ConfigTree, session: string) {
  const { diffStyle, diffSeparators } = device.behaviour
  const [from, to] = [printed(device, before), printed(device, after)]
  return diffStyle === 'unified' ? unifiedDiff(from, to, session) : sectionedDiff(from, to, session, diffSeparators)
}

function diffBetween(device: Switch, before: ConfigTree, after: ConfigTree, names: readonly [string, string]) {
  const [, , ...hunks] = diffText(device, before, after, '').split('\n')
  return hunks.length === 0 ? '' : [`--- ${names[0]}`, `+++ ${names[1]}`, ...hunks].join('\n')
}

function sessionConfig(cli: CliSession, name: string | undefined, diffs: boolean): Reply {
  const shown = name ?? cli.session
  if (shown === undefined) return refused("Invalid input (at token 1: 'session-config')", 1002)
  const tree = cli.device.sessions.get(shown)?.candidate
  if (tree === undefined) return refused(cli.device.behaviour.says.notFound.replace('%s', shown))
  const { device } = cli
  if (diffs) {
    const text = () => diffText(device, device.running, tree, shown)
    return { ok: true, text, terminal: () => `${text()}\n` }
  }
  return textOnly(() =>
    printed(device, tree, name === undefined ? 'show session-config' : `show session-config named ${name}`),
  )
}

function label(source: string) {
  if (source === 'running-config') return 'system:/running-config'
  return source === 'startup-config' ? 'flash:/startup-config' : source
}

/** The commands that print configurations, their differences, sessions and checkpoints (docs/eos.md 2.1 and 4.1). */
export const SHOW_CONFIG_COMMANDS: readonly ExecCommand[] = [
  {
    words: RUNNING,
    docs: 'The running-config as text, or as a tree of `cmds` in JSON.',
    privileged: true,
    run: ({ device }) => configReply(device, device.running, RUNNING),
  },
  {
    words: `${RUNNING} all`,
    docs: 'The running-config with the defaults that clients read back, as text or JSON.',
    privileged: true,
    run: ({ device }) => configReply(device, device.running, `${RUNNING} all`, () => withDefaults(device.running)),
  },
  {
    words: `${RUNNING} section <pattern...>`,
    docs: 'The blocks of running-config that match a regular expression; text only.',
    privileged: true,
    run: ({ device }, { pattern = '' }) => section(device, pattern),
  },
  {
    words: `${RUNNING} interfaces <name>`,
    docs: 'One interface of running-config; text only.',
    privileged: true,
    run: ({ device }, { name = '' }) => section(device, `^interface (${interfacesOf(name).map(literal).join('|')})$`),
  },
  {
    words: `${RUNNING} sanitized`,
    docs: 'The running-config with `<removed>` in the place of every secret.',
    privileged: true,
    run: ({ device }) => configReply(device, device.running, `${RUNNING} sanitized`, () => sanitized(device)),
  },
  {
    words: `${RUNNING} diffs`,
    docs: 'How running-config differs from startup-config; empty when it is saved.',
    privileged: true,
    run: ({ device }) =>
      device.config.hasStartup
        ? textOnly(() =>
            diffBetween(device, device.startup, device.running, ['flash:/startup-config', 'system:/running-config']),
          )
        : refused(device.behaviour.says.noStartup),
  },
  {
    words: STARTUP,
    docs: 'The startup-config as text or JSON.',
    privileged: true,
    run: ({ device }) =>
      device.config.hasStartup
        ? configReply(device, device.startup, STARTUP)
        : refused(device.behaviour.says.noStartup),
  },
  {
    words: 'show session-config [diffs]',
    docs: 'The candidate of the session one is in, or its difference from running-config; text only.',
    privileged: true,
    run: (cli, _args, { cmd }) => sessionConfig(cli, undefined, cmd.endsWith('diffs')),
  },
  {
    words: 'show session-config named <name> [diffs]',
    docs: 'The candidate of any session, or its difference from running-config; text only.',
    privileged: true,
    run: (cli, { name = '' }, { cmd }) => sessionConfig(cli, name, /\sdiffs$/.test(cmd)),
  },
  {
    words: 'show configuration sessions',
    docs: 'The config sessions with their states.',
    run: ({ device, session }) => ({
      ok: true,
      json: () => sessionsJson(device),
      text: () => sessionsText(device, session),
    }),
  },
  {
    words: 'show configuration sessions detail',
    docs: 'The config sessions with times, committers and the commit timer.',
    run: ({ device, session }) => ({
      ok: true,
      json: () => sessionsJson(device),
      text: () => sessionsDetailText(device, session),
    }),
  },
  {
    words: 'show configuration checkpoints',
    docs: 'The checkpoints with date and user; text only.',
    run: ({ device }) => textOnly(() => checkpointsText(device)),
  },
  {
    words: 'diff <before> <after>',
    docs: 'How two configurations differ, each a checkpoint, a file, running-config or startup-config; text only.',
    privileged: true,
    run: ({ device }, { before = '', after = '' }) => {
      const [from, to] = [device.config.source(before), device.config.source(after)]
      if (from === undefined || to === undefined) return refused('No such file or directory')
      return textOnly(() => diffBetween(device, from, to, [label(before), label(after)]))
    },
  },
]
