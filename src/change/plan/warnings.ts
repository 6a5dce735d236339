import { type ConfigChange, diffConfig } from '../../eos/config/diff/diff.ts'
import { touchesManagement } from '../../eos/config/guard/guard.ts'
import { openedLogins } from '../../eos/config/guard/guard-logins.ts'
import { OwnLines } from '../../eos/config/guard/typed-blocks.ts'
import { type MergeReport, mergeReport } from '../../eos/config/merge.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { type ConfigNode, type ConfigTree, parseVerb } from '../../eos/config/text/tree.ts'
import { isCloudVisions, savedState } from '../../eos/device/device.ts'
import { definedMembers } from '../../model/json.ts'
import { isMeant, readLineGlob } from '../../text/source/line-glob.ts'
import { isUnproven } from '../inventory/transports.ts'
import { type PlanWarningCode, riskWords } from './announced-risk.ts'
import type { PlanDefinition } from './definition.ts'
import { foreignWords, lineWords } from './foreign-lines.ts'
import { lackedWords } from './lacked-state.ts'
import type { PlannedDevice, PlanWarning, UnwarnedPlan } from './plan.ts'
import type { RedundantSides } from './redundancy.ts'
import type { Rollout } from './rollout.ts'
import type { ComparedEvidence } from './seal.ts'
import { unsavedCount } from './unsaved-lines.ts'

export function warningsOf(
  definition: PlanDefinition,
  content: UnwarnedPlan,
  evidence: readonly ComparedEvidence[],
  { shared, sides }: Pick<Rollout, 'shared' | 'sides'>,
): readonly PlanWarning[] {
  const { approve, isGateUnasked, lacked = [], offline, rollout, sealing } = definition
  const { waves, canary } = content
  return [
    ...said([
      ['offline', offline && 'computed without a switch, by the configuration model'],
      [
        'gate-not-asked',
        isGateUnasked === true && 'the gate of the policy was not asked about it; it is before each push',
      ],
      ['no-state', lacked.length > 0 && lackedWords(lacked)],
      ['no-approval', approve === null && 'this workflow asks for no approval'],
      [
        'any-store',
        sealing?.anyStore === true &&
          'not single-use: the policy takes approvals of any store, so another store may run this plan once more, and does not know a rejection',
      ],
    ]),
    ...unknownWarnings(definition),
    ...content.devices.flatMap(insecureWarnings),
    ...evidence.flatMap(deviceWarnings),
    ...evidence.flatMap(doubtfulWarnings),
    ...evidence.flatMap(idleWarnings),
    ...content.devices.flatMap(withheldWarnings),
    ...content.devices.flatMap(({ name, unknownLines }) =>
      unknownLines.map((line) => ({
        code: 'unknown-line' as const,
        device: name,
        message: `no rule knows this line, it is merged as it is: ${line}`,
      })),
    ),
    ...content.devices.flatMap(sayingWarnings),
    ...content.devices.flatMap(foreignWarnings),
    ...keepWarnings(evidence),
    ...shared.map(({ pair: [a, b], because }) => ({
      code: 'redundant-pair' as const,
      message: `wave ${waveOf(content, a)} changes ${a} and ${b} together, which back each other up (${because})`,
    })),
    ...sides.map((one) => sidesWarning(definition, one)),
    ...said([
      [
        'no-canary',
        rollout.canary !== undefined &&
          canary === undefined &&
          waves.length > 0 &&
          'none of the canaries changes: the first wave goes without one before it',
      ],
    ]),
  ]
}

// A warning of each row that has words.
function said(
  rows: readonly (readonly [PlanWarningCode, words: string | false])[],
  device?: string,
): readonly PlanWarning[] {
  return rows.flatMap(([code, message]) =>
    message === false ? [] : [{ code, ...definedMembers({ device }), message }],
  )
}

function sidesWarning({ rollout }: PlanDefinition, { sides: [own, others], because }: RedundantSides): PlanWarning {
  const [some, more] = [own, others].map(
    (side) => `${side[0] ?? ''}${side.length === 1 ? '' : ` and ${side.length - 1} more`}`,
  )
  const kept = rollout.together ? 'they may share a wave' : 'one side is changed behind the other'
  const message = `which of ${some} backs up which of ${more} is not known (${because}), so ${kept}: with what LLDP hears on each peer link in the snapshot it would be known`
  return { code: 'redundant-pair', message }
}

function doubtfulWarnings(evidence: ComparedEvidence): PlanWarning[] {
  const { device, identity, staged, rendered } = evidence
  if (rendered.doubtful === undefined) return []
  const own = new OwnLines(staged.running)
  return rendered.doubtful
    .filter((one) => one.taken?.includes(identity.eos) !== true && !own.has(one))
    .map(({ line, why }) => ({ code: 'doubtful-line' as const, device, message: `${redact(line)}: ${why}` }))
}

function unknownWarnings({ requester: { named = [] }, policy }: PlanDefinition): PlanWarning[] {
  const unknown = policy === null ? [] : named.filter((one) => one.unknown === true)
  return unknown.map(({ issuer, id }) => ({
    code: 'unknown-requester',
    message: `who has asked for it, ${issuer}:${id}, is nobody known: one approver more where a rule says notRequester`,
  }))
}

function insecureWarnings({ name: device, inventory: { address } }: PlannedDevice) {
  const message = 'its certificate is not checked (tls: insecure): whoever is in between reads the password'
  return said([['insecure-transport', isUnproven(address) && message]], device)
}

function idleWarnings(one: ComparedEvidence): PlanWarning[] {
  return idleRemovals(one).map(({ path, line, stays }) => {
    const named = firstOf(stays.map((stay) => redact(stay)))
    const message = `removes nothing, these lines begin so and stay: ${lineWords({ path, line }, redact)}: ${named}`
    return { code: 'idle-removal', device: one.device, message }
  })
}

function withheldWarnings({ name: device, offline, bootLines = [] }: PlannedDevice): PlanWarning[] {
  const boot = bootLines.map((line) => ({
    code: 'boot-line' as const,
    device,
    message: `acts at once, an abort does not undo it; it is sent last: ${line}`,
  }))
  const message =
    'computed by the configuration model: it holds lines that reach no switch before the approval; at the push the switch must make the same of them'
  return [...said([['offline', offline === true && message]], device), ...boot]
}

function sayingWarnings({ name: device, said = [] }: PlannedDevice): PlanWarning[] {
  return said.map(({ line, says, risks = [] }): PlanWarning => {
    const words = `the switch says at \`${line}\`: ${says.replaceAll('\n', ' ')}`
    if (risks.length === 0) return { code: 'switch-says', device, message: words }
    return { code: 'announced-risk', device, message: `RISK (${risks.map(riskWords).join(', ')}): ${words}` }
  })
}

function foreignWarnings({ name: device, foreign }: PlannedDevice): PlanWarning[] {
  if (foreign === undefined) return []
  return [{ code: 'foreign-removals', device, message: `RISK (foreign-removals): ${foreignWords(foreign)}` }]
}

const MOST_NAMED = 5

function firstOf(lines: readonly string[]) {
  const more = lines.length - MOST_NAMED
  return `${lines.slice(0, MOST_NAMED).join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

// Globs that keep nothing: because the intended configuration has another value there, or because no switch has such a line.
function keepWarnings(evidence: readonly ComparedEvidence[]): PlanWarning[] {
  const inVain = evidence.flatMap(({ device, keeping }): PlanWarning[] => {
    const lines = keeping?.contradicted ?? []
    if (lines.length === 0) return []
    const named = firstOf(lines.map((line) => lineWords(line, redact)))
    const message = `not kept, the intended configuration says otherwise: ${named}`
    return [{ code: 'not-kept', device, message }]
  })
  const unused = unusedGlobs(evidence)
  return [
    ...inVain,
    ...unused.map((glob) => ({
      code: 'keep-unused' as const,
      message: `\`keep\` names ${glob}, and no switch has such a line`,
    })),
  ]
}

function unusedGlobs(evidence: readonly ComparedEvidence[]) {
  const unused = new Set(evidence.flatMap(({ rendered }) => rendered.keep ?? []))
  for (const { comparison } of evidence) {
    if (unused.size === 0) break
    const places = diffConfig(parseConfig(''), comparison.before).changes.map(({ path, line }) => [...path, line])
    for (const text of unused) {
      const glob = readLineGlob(text)
      if (Array.isArray(glob) && places.some((place) => isMeant(glob, place))) unused.delete(text)
    }
  }
  return [...unused]
}

function deviceWarnings({
  device,
  staged,
  comparison,
  foreignSessions,
  mergeOnCommit,
}: ComparedEvidence): readonly PlanWarning[] {
  const { changes, before, after } = comparison
  const unsaved = unsavedCount(staged.startupDiff)
  const differs = `running-config is not saved (${unsaved === 1 ? '1 line differs' : `${unsaved} lines differ`} from startup-config)`
  const them = unsaved === 1 ? 'it' : 'them'
  if (changes.length === 0) {
    const message = `${differs}, and there is nothing to change here, so that nothing saves ${them}: a reboot brings startup-config back`
    return said([['not-saved', unsaved > 0 && message]], device)
  }
  const touched = touchesManagement(changes, before)
  const opened = openedLogins(changes)
  const programs = programsIn(changes)
  const dead = deadSubinterfaces(changes, after)
  const down = dead.map(({ name, port }) => `${name} stays down, because ${port} is a switchport`)
  return said(
    [
      ['management-path', touched.length > 0 && `touches the management path: ${touched.join(', ')}`],
      ['opens-login', opened.length > 0 && `lets in: ${opened.join(', ')}`],
      ['runs-programs', programs.length > 0 && `changes what the switch runs by itself: ${programs.join(', ')}`],
      ['subinterface-down', down.length > 0 && `${down.join('; ')}: \`no switchport\``],
      [
        'startup-unknown',
        savedState(staged) === 'unknown' &&
          'startup-config cannot be read, so that nobody knows whether running-config is saved; the confirm saves all of it',
      ],
      ['not-saved', unsaved > 0 && `${differs}; the confirm saves ${them} too`],
      [
        'foreign-session',
        foreignSessions.length > 0 &&
          `config sessions of others are open: ${foreignSessions.join(', ')}; committing one of them would undo this change${cloudVisions(foreignSessions)}`,
      ],
      ['merge-on-commit', mergeOnCommit && 'the switch merges on commit: a change made by hand meanwhile is kept'],
    ],
    device,
  )
}

function cloudVisions(sessions: readonly string[]) {
  const names = sessions.filter(isCloudVisions)
  return names.length === 0 ? '' : `; CloudVision has opened ${names.join(', ')}: a change control may run there`
}

function programsIn(changes: readonly ConfigChange[]) {
  const roots = changes.map(({ path, line }) => (path[0] ?? line).replace(/^(?:no|default) /, ''))
  return [...new Set(roots.flatMap((root) => /^(?:daemon|event-handler|alias) \S+/.exec(root)?.[0] ?? []))]
}

function waveOf({ waves }: UnwarnedPlan, name: string) {
  return waves.findIndex((wave) => wave.includes(name)) + 1
}

// A sub-interface that a change makes or touches, and that stays down behind it because its port is a switchport.
interface DeadSubinterface {
  readonly name: string
  readonly port: string
}

// The sub-interfaces of a change on ports that forward by VLAN: a port has sub-interfaces only as `no switchport` (docs/eos.md 7.1).
function deadSubinterfaces(changes: readonly ConfigChange[], { children }: ConfigTree): readonly DeadSubinterface[] {
  const byDefault = children.some(({ line }) => line === 'switchport default mode routed')
  const touched = new Set(changes.map(({ path, line }) => [...path, line][0] ?? ''))
  const ports = new Map(children.map((node) => [node.line, node.children]))
  return [...ports].flatMap(([line, own]): DeadSubinterface[] => {
    const [, port = '', tag = ''] = /^interface ((?:Ethernet|Port-Channel)[\d/]+)\.(\d+)$/.exec(line) ?? []
    const parent = `interface ${port}`
    if (port === '' || !(touched.has(line) || touched.has(parent))) return []
    if (own.some((one) => one.line === 'shutdown')) return []
    const has = (text: string) => ports.get(parent)?.some((one) => one.line === text) === true
    const isRouted = has('no switchport') || (byDefault && !has('switchport'))
    return isRouted ? [] : [{ name: `${port}.${tag}`, port }]
  })
}

// A `no` or a `default` of a change that takes nothing away although lines begin with its words.
interface IdleRemoval {
  readonly path: readonly string[]
  readonly line: string
  readonly stays: readonly string[]
}

// What the lines of a change mean to take away and the switch keeps: because the words begin lines of several kinds, or because the switch
// takes more words than the configuration model.
function idleRemovals(one: ComparedEvidence): readonly IdleRemoval[] {
  const { rendered, identity, staged, comparison } = one
  const isRemoving = rendered.mode === 'merge' && rendered.lines.some((line) => parseVerb(line.trim()).verb !== '')
  if (!isRemoving) return []
  const model = mergeReport(parseConfig(staged.running), rendered.lines, { version: identity.eos })
  return model.outcomes.flatMap((outcome) => {
    const { verb, line } = parseVerb(outcome.line)
    if (verb === '' || outcome.kind === 'refused') return []
    const { path, begun } = outcome
    const stays = begun ?? takenOnlyByModel(line, path, comparison, model)
    const after = new Set(linesAt(comparison.after, path))
    const isIdle = stays.length > 0 && stays.every((stay) => after.has(stay)) && !isStored(line, after)
    return isIdle ? [{ path, line: outcome.line, stays }] : []
  })
}

function takenOnlyByModel(
  line: string,
  path: readonly string[],
  { before }: ComparedEvidence['comparison'],
  { tree }: MergeReport,
) {
  const left = new Set(linesAt(tree, path))
  return linesAt(before, path).filter((one) => (one === line || one.startsWith(`${line} `)) && !left.has(one))
}

function isStored(line: string, after: ReadonlySet<string>) {
  return [...after].some((one) => one.startsWith('no ') && `${line} `.startsWith(`${one.slice(3)} `))
}

function linesAt({ children }: ConfigTree, path: readonly string[]) {
  let nodes: readonly ConfigNode[] = children
  for (const opener of path) nodes = nodes.filter(({ line }) => line === opener).flatMap((node) => node.children)
  return nodes.map(({ line }) => line)
}
