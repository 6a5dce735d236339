import { definedItems, gathered, type Json } from '../../../../model/json.ts'
import { parseVlans } from '../../../../model/vlan-list.ts'
import { unifiedDiff } from '../../../config/diff/unified.ts'
import {
  BGP_DEFAULTS,
  MLAG_DEFAULTS,
  neighborDefaults,
  ROOT_DEFAULTS,
  vlanDefaults,
} from '../../../config/rules/block-defaults.ts'
import { interfaceDefaults } from '../../../config/rules/interface-defaults.ts'
import { meaningOf } from '../../../config/rules/rules.ts'
import { redact } from '../../../config/secrets/secrets.ts'
import { sectionedDiff } from '../../../config/sectioned.ts'
import { interfacesOf } from '../../../config/text/interface-name.ts'
import { parseConfig, renderConfig } from '../../../config/text/parse.ts'
import { type ConfigNode, type ConfigTree, foundIn, hasChild, parseVerb } from '../../../config/text/tree.ts'
import { type Reply, refused } from '../../platform/facts.ts'
import type { ConfigSession } from '../../switch/config-session.ts'
import { configJson, configText } from '../../switch/running-config.ts'
import type { Switch } from '../../switch/switch.ts'
import { throughPipe } from '../command/pipe.ts'
import type { CliSession, ExecCommand } from '../command/session-verbs.ts'

/** A configuration with the defaults that it does not say, as `show running-config all` prints it: clients read back from it what `show running-config` leaves out (docs/eos.md 7.3). */
export function withDefaults(tree: ConfigTree): ConfigTree {
  const routed = hasChild(tree, 'switchport default mode routed')
  const nodes = tree.children.flatMap((node) => expanded(node, routed))
  const added = definedItems(
    !nodes.some(({ line }) => line === 'vlan 1') && block('vlan 1', [], vlanDefaults(1), 'vlan'),
    !nodes.some(({ line }) => line.startsWith('mlag')) && block('mlag configuration', [], MLAG_DEFAULTS, 'mlag'),
  )
  const said = keysOf(nodes, 'root')
  const missing = ROOT_DEFAULTS.filter((line) => !said.has(keyOf(line, 'root'))).map(leaf)
  return { ...tree, children: [...nodes, ...separated(missing), ...added.map((node) => ({ ...node, lead: ['!'] }))] }
}

function expanded(node: ConfigNode, routed: boolean): readonly ConfigNode[] {
  const { line, children } = node
  if (line.startsWith('interface ')) return [{ ...node, children: interfaceChildren(node, routed) }]
  if (line.startsWith('vlan ')) return vlanBlocks(node)
  if (line.startsWith('router bgp ')) return [{ ...node, children: bgpChildren(children) }]
  if (line.startsWith('mlag')) return [{ ...node, children: merged(children, MLAG_DEFAULTS, 'mlag') }]
  if (/^vrf (instance|definition) /.test(line))
    return [{ ...node, children: merged(children, ['no description'], 'vrf') }]
  if (line.startsWith('username ')) return [{ ...node, line: withPrivilege(line) }]
  return [line.startsWith('ip route ') ? { ...node, line: withDistance(line) } : node]
}

function interfaceChildren({ line, children }: ConfigNode, routedByDefault: boolean) {
  const said = children.find((child) => /^(no )?switchport$/.test(child.line))?.line
  const routed = said === undefined ? routedByDefault : said === 'no switchport'
  return merged(children, interfaceDefaults(line.slice('interface '.length), routed), 'interface')
}

function vlanBlocks(node: ConfigNode): readonly ConfigNode[] {
  const ids = parseVlans(node.line.slice('vlan '.length))
  if (ids === undefined) return [node]
  return ids.map((id, index) => ({
    ...block(`vlan ${id}`, node.children, vlanDefaults(id), 'vlan'),
    lead: index === 0 ? node.lead : ['!'],
  }))
}

function bgpChildren(children: readonly ConfigNode[]) {
  const names = [...new Set(foundIn(children, /^(?:no )?neighbor (\S+) /))]
  const said = keysOf(children, 'bgp')
  const missing = names
    .flatMap((name) => neighborDefaults(name).filter((line) => !said.has(keyOf(line, 'bgp'))))
    .map(leaf)
  const opens = children.findIndex((child) => child.children.length > 0)
  const at = opens < 0 ? children.length : opens
  return merged([...children.slice(0, at), ...missing, ...children.slice(at)], BGP_DEFAULTS, 'bgp')
}

function merged(said: readonly ConfigNode[], defaults: readonly string[], mode: string) {
  const byKey = gathered(said.map((node) => [keyOf(node.line, mode), node]))
  const head = defaults.flatMap((line) => {
    const key = keyOf(line, mode)
    const present = byKey.get(key)
    byKey.delete(key)
    if (present !== undefined) return present
    return said.some((node) => keyOf(node.line, mode) === key) ? [] : [leaf(line)]
  })
  return [...head, ...said.filter((node) => byKey.has(keyOf(node.line, mode)))]
}

function keyOf(line: string, mode: string) {
  return meaningOf(mode, parseVerb(line).line).key
}

function keysOf(nodes: readonly ConfigNode[], mode: string): ReadonlySet<string> {
  return new Set(nodes.map(({ line }) => keyOf(line, mode)))
}

function withPrivilege(line: string) {
  return /\b(privilege|ssh-key)\b/.test(line) ? line : line.replace(/^username \S+/, '$& privilege 1')
}

function withDistance(line: string) {
  const [route = '', ...options] = line.split(/ (?=tag |name |metric |track )/)
  const distance = /^\d+$/.test(route.split(' ').at(-1) ?? '') ? route : `${route} 1`
  const tag = options.some((option) => option.startsWith('tag ')) ? [] : ['tag 0']
  return [distance, ...tag, ...options].join(' ')
}

function block(line: string, children: readonly ConfigNode[], defaults: readonly string[], mode: string): ConfigNode {
  return { line, children: merged(children, defaults, mode), lead: [], tail: [] }
}

function leaf(line: string): ConfigNode {
  return { line, children: [], lead: [], tail: [] }
}

function separated(nodes: readonly ConfigNode[]) {
  return nodes.map((node, index) => (index === 0 ? { ...node, lead: ['!'] } : node))
}

// `show configuration sessions [detail]` as JSON, in both shapes: up to 4.31 an armed session says
// `pendingCommitTimer` with `commitBy` (epoch seconds, recorded on 4.31); from 4.32 `committed`, and the top level names
// it with `commitTimerExpireTime` (seconds on the uptime clock, as napalm reads it; docs/eos.md 2.5). `instances` are
// the terminals inside, by the process of their CLI [I].
function sessionsJson(device: Switch): Json {
  const { behaviour } = device
  const { knobs } = device.config
  const { timer } = device.sessions.listed()
  const top = timer !== undefined && behaviour.timerJson === 'top-level'
  return {
    sessions: Object.fromEntries(
      device.sessions.listed().sessions.map((session) => [session.name, sessionJson(device, session)]),
    ),
    maxSavedSessions: knobs.maxCompleted,
    maxOpenSessions: knobs.maxPending,
    mergeOnCommit: knobs.mergeOnCommit,
    saveToStartupConfigOnCommit: knobs.saveToStartup,
    ...(top
      ? { commitTimerSessionName: timer.session, commitTimerExpireTime: (timer.deadline - device.bootedAt) / 1000 }
      : {}),
  }
}

function sessionJson(device: Switch, session: ConfigSession): Json {
  const inState = session.state === 'armed' && device.behaviour.timerJson === 'state'
  const { timer } = device.sessions.listed()
  return {
    state: stateWord(device, session),
    ...(session.closedAt === undefined ? {} : { completedTime: session.closedAt / 1000 }),
    ...(inState && timer !== undefined ? { commitBy: timer.deadline / 1000 } : {}),
    commitUser: session.closedBy,
    description: '',
    instances: Object.fromEntries(
      device.terminals.inside(session.name).map(({ pid, user, line }) => [String(pid), { user, terminal: line }]),
    ),
  }
}

// `show configuration sessions` as text: the columns recorded on 4.21. `current` is the session one is in oneself.
function sessionsText(device: Switch, current?: string) {
  const rows = device.sessions
    .listed()
    .sessions.map((session) => [
      session.name === current ? '*' : '',
      session.name,
      stateWord(device, session),
      session.openedBy,
      terminalsIn(device, session),
    ])
  return `${limits(device)}\n${table(['', 'Name', 'State', 'User', 'Terminal'], rows)}`
}

// `show configuration sessions detail` as text, in the layout of 4.25 or of 4.35.
function sessionsDetailText(device: Switch, current?: string) {
  return device.behaviour.detailText === 'table' ? wideDetail(device) : linedDetail(device, current)
}

function terminalsIn(device: Switch, { name }: ConfigSession) {
  return device.terminals
    .inside(name)
    .map(({ line }) => line)
    .join(',')
}

function wideDetail(device: Switch) {
  const head = ['Name', 'State', 'User', 'Terminal', 'Commit Time Left', 'Completed Time', 'Committed By']
  const rows = device.sessions.listed().sessions.map((session) => {
    const left = device.sessions.listed().timer?.session === session.name ? timeLeft(device) : ''
    const terminals = terminalsIn(device, session)
    const user = terminals === '' ? '' : session.openedBy
    return [session.name, stateWord(device, session), user, terminals, left, when(session.closedAt), session.closedBy]
  })
  return `${limits(device)}\n${table(head, rows)}`
}

function linedDetail(device: Switch, current: string | undefined) {
  const { knobs } = device.config
  const { timer } = device.sessions.listed()
  const armed =
    timer === undefined
      ? ''
      : `Session with pending commit timer: ${timer.session}\nTime left until commit timer expiry: in ${timeLeft(device)}\n\n`
  const settings =
    `Merge on commit is ${knobs.mergeOnCommit ? 'enabled' : 'disabled'}\n` +
    `Autosave to startup-config on commit is ${knobs.saveToStartup ? 'enabled' : 'disabled'}\n`
  const rows = device.sessions.listed().sessions.map((session) => {
    const owner = session.state === 'pending' || session.state === 'aborted' ? session.openedBy : ''
    const committer = session.state === 'aborted' ? '' : session.closedBy
    const mark = session.name === current ? '*' : ''
    const terminals = terminalsIn(device, session)
    return [mark, session.name, stateWord(device, session), owner, terminals, when(session.closedAt), committer]
  })
  const head = ['', 'Name', 'State', 'User', 'Terminal', 'Completed Time', 'Committed By']
  return `${limits(device)}${settings}\n${armed}${table(head, rows)}`
}

// `show configuration checkpoints` as text (recorded on 4.25).
function checkpointsText(device: Switch) {
  const rows = device.config.checkpoints.all().map(({ name, savedAt, user }) => [name, when(savedAt), user])
  return `Maximum number of checkpoints: ${device.config.checkpoints.limit}\n${table(['Filename', 'Date', 'User'], rows)}`
}

function stateWord(device: Switch, session: ConfigSession): string {
  const topLevel = device.behaviour.timerJson === 'top-level'
  if (session.state === 'armed') return topLevel ? 'committed' : 'pendingCommitTimer'
  if (session.state === 'completed') return topLevel ? 'committed' : 'completed'
  return session.state
}

function limits({ config: { knobs } }: Switch) {
  return `Maximum number of completed sessions: ${knobs.maxCompleted}\nMaximum number of pending sessions: ${knobs.maxPending}\n`
}

function timeLeft({ sessions, now }: Switch) {
  const seconds = Math.max(0, Math.floor(((sessions.listed().timer?.deadline ?? now) - now) / 1000))
  const two = (number: number) => String(number).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

// `2026-01-05 08:00:00`, UTC.
function when(at: number | undefined) {
  return at === undefined ? '' : new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]) {
  const widths = head.map((title, column) => Math.max(1, title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const dashes = widths.map((width) => '-'.repeat(width))
  return [head, dashes, ...rows]
    .map(
      (row) =>
        `${widths
          .map((width, column) => (row[column] ?? '').padEnd(width))
          .join(' ')
          .trimEnd()}\n`,
    )
    .join('')
}

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
  // The running-config as text, or as a tree of `cmds` in JSON.
  {
    words: RUNNING,
    privileged: true,
    run: ({ device }) => configReply(device, device.running, RUNNING),
  },
  // The running-config with the defaults that clients read back, as text or JSON.
  {
    words: `${RUNNING} all`,
    privileged: true,
    run: ({ device }) => configReply(device, device.running, `${RUNNING} all`, () => withDefaults(device.running)),
  },
  // The blocks of running-config that match a regular expression; text only.
  {
    words: `${RUNNING} section <pattern...>`,
    privileged: true,
    run: ({ device }, { pattern = '' }) => section(device, pattern),
  },
  // One interface of running-config; text only.
  {
    words: `${RUNNING} interfaces <name>`,
    privileged: true,
    run: ({ device }, { name = '' }) => section(device, `^interface (${interfacesOf(name).map(literal).join('|')})$`),
  },
  // The running-config with `<removed>` in the place of every secret.
  {
    words: `${RUNNING} sanitized`,
    privileged: true,
    run: ({ device }) => configReply(device, device.running, `${RUNNING} sanitized`, () => sanitized(device)),
  },
  // How running-config differs from startup-config; empty when it is saved.
  {
    words: `${RUNNING} diffs`,
    privileged: true,
    run: ({ device }) =>
      device.config.hasStartup
        ? textOnly(() =>
            diffBetween(device, device.startup, device.running, ['flash:/startup-config', 'system:/running-config']),
          )
        : refused(device.behaviour.says.noStartup),
  },
  // The startup-config as text or JSON.
  {
    words: STARTUP,
    privileged: true,
    run: ({ device }) =>
      device.config.hasStartup
        ? configReply(device, device.startup, STARTUP)
        : refused(device.behaviour.says.noStartup),
  },
  // The candidate of the session one is in, or its difference from running-config; text only.
  {
    words: 'show session-config [diffs]',
    privileged: true,
    run: (cli, _args, { cmd }) => sessionConfig(cli, undefined, cmd.endsWith('diffs')),
  },
  // The candidate of any session, or its difference from running-config; text only.
  {
    words: 'show session-config named <name> [diffs]',
    privileged: true,
    run: (cli, { name = '' }, { cmd }) => sessionConfig(cli, name, /\sdiffs$/.test(cmd)),
  },
  // The config sessions with their states.
  {
    words: 'show configuration sessions',
    run: ({ device, session }) => ({
      ok: true,
      json: () => sessionsJson(device),
      text: () => sessionsText(device, session),
    }),
  },
  // The config sessions with times, committers and the commit timer.
  {
    words: 'show configuration sessions detail',
    run: ({ device, session }) => ({
      ok: true,
      json: () => sessionsJson(device),
      text: () => sessionsDetailText(device, session),
    }),
  },
  // The checkpoints with date and user; text only.
  {
    words: 'show configuration checkpoints',
    run: ({ device }) => textOnly(() => checkpointsText(device)),
  },
  // How two configurations differ, each a checkpoint, a file, running-config or startup-config; text only.
  {
    words: 'diff <before> <after>',
    privileged: true,
    run: ({ device }, { before = '', after = '' }) => {
      const [from, to] = [device.config.source(before), device.config.source(after)]
      if (from === undefined || to === undefined) return refused('No such file or directory')
      return textOnly(() => diffBetween(device, from, to, [label(before), label(after)]))
    },
  },
]
