import { z } from 'zod'
import type { ConfigChange } from '../../eos/config/diff/diff.ts'
import { type CommandPattern, compilePattern, matchPattern, wordsOf } from '../../eos/config/rules/rules.ts'
import { type ConfigNode, type ConfigTree, parseVerb } from '../../eos/config/text/tree.ts'
import type { ValueOrProblems } from '../../model/error.ts'
import { definedMembers, gathered, unlessEmpty } from '../../model/json.ts'
import { keptIn, once } from '../../model/once.ts'
import { parseWith, readYaml } from '../../text/source/yaml.ts'
import type { PlanEvidence, PlanNote } from './plan.ts'
import type { PlanRedactor } from './redaction.ts'
import type { ComparedEvidence } from './seal.ts'

/** The security advisories that are shipped, in the form in which a project writes its own (docs/what-is-behind.md#advisories). Numbers, dates, addresses and affected versions are those of the advisory tests of ANTA 1.10.0, which cites the advisories of Arista. */
export const SHIPPED_ADVISORIES = `
version: 1
source: the advisory tests of ANTA 1.10.0
date: 2026-09-09
advisories:
  - id: SA-117
    about: credentials of a gNOI TransferToRemote may be logged or accounted
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/21394-security-advisory-0117
    affected: [4.30.1-9, 4.31.0-6, 4.32.0-4, 4.33.0-1]
    lines:
      - management api gnmi / transport grpc *
  - id: SA-142
    about: some packets pass a redirection to a next hop by
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24111-security-advisory-0142
    affected: [4.32.0-10, 4.33.0-7, 4.34.0-5, 4.35.0-3, 4.36.0]
    lines:
      - interface * / service-policy type pbr input *
      - router bgp * / address-family flow-spec ipv4|ipv6
      - interface * / traffic-policy input *
      - directflow
      - router segment-security
  - id: SA-146
    about: a stream of HTTP/2 resets may exhaust a gRPC server
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24500-security-advisory-0146
    affected: [<4.33, 4.33.0-8, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - management api gnmi / transport grpc *
      - management api gribi / transport grpc *
  - id: SA-154
    about: a crafted packet may take authenticated BFD sessions down
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24710-security-advisory-0154
    affected: [<4.33, 4.33.0-8, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - router bfd / authentication mode *
      - interface * / bfd authentication mode *
  - id: SA-155
    about: a crafted packet with option 82 may restart the DHCP relay
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24711-security-advisory-0155
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5]
    lines:
      - ip dhcp relay information option
      - ip dhcp snooping information option
  - id: SA-156
    about: the DHCP relay may forward replies of servers that are not configured
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24712-security-advisory-0156
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / ip helper-address *
  - id: SA-157
    about: the authentication of VRRP may be passed by or replayed
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24713-security-advisory-0157
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / vrrp * peer authentication ietf-md5
  - id: SA-160
    about: crafted packets may take IS-IS adjacencies down
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24716-security-advisory-0160
    affected: [4.31.*, 4.32.*, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / isis enable *
  - id: SA-161
    about: forged heartbeats of MLAG may errdisable all interfaces
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24717-security-advisory-0161
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - mlag configuration / dual-primary detection delay * action errdisable all-interfaces
  - id: SA-166
    about: whoever is logged in to gNMI may run code as root
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24722-security-advisory-0166
    affected: [4.29.*, 4.30.*, 4.31.*, 4.32.*, 4.33.0-8, 4.34.0-6, 4.34.7.0, 4.35.0-5, 4.36.0]
    lines:
      - management api gnmi / transport grpc *
  - id: SA-168
    about: OpenConfig services may log sensitive content
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24724-security-advisory-0168
    affected: [<4.36, 4.36.0-1]
    lines:
      - management api gnmi / transport grpc *
      - management api restconf / transport https *
      - management api netconf / transport ssh *
  - id: SA-171
    about: crafted packets may disturb authenticated OSPF adjacencies
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24727-security-advisory-0171
    affected: [<4.33, 4.33.0-9, 4.34.0-6, 4.34.7.0, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / ip ospf authentication
      - interface * / ip ospf authentication message-digest
  - id: SA-172
    about: crafted packets may restart OSPFv3
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24728-security-advisory-0172
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - router ospfv3
      - ipv6 router ospf *
  - id: SA-173
    about: a crafted packet of a peer may restart OSPFv3
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24729-security-advisory-0173
    affected: [<4.32, 4.32.0-10, 4.33.0-8, 4.34.0-6, 4.35.0-4, 4.36.0]
    lines:
      - router ospfv3
      - ipv6 router ospf *
  - id: SA-175
    about: a crafted packet may expire multicast forwarding too early
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24731-security-advisory-0175
    affected: [<4.33, 4.33.0-8, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - interface * / pim ipv4 sparse-mode
      - interface * / ip pim sparse-mode
  - id: SA-178
    about: authentication keys of SNMPv3 may be shown as localized hashes
    url: https://www.arista.com/en/support/advisories-notices/security-advisory/24734-security-advisory-0178
    affected: [<4.33, 4.33.0-9, 4.34.0-7, 4.35.0-5, 4.36.0-1]
    lines:
      - snmp-server user * * v3 auth *
      - snmp-server user * * v3 localized * auth *
`

// The forms of affected versions: `<4.33` all before a train, `4.33.*` a train, `4.33.0-8` some of it, `4.34.7` one of it, `4.34.7.0` that
// without a hotfix.
const VERSIONS = /^(?:<4\.\d+|4\.\d+\.(?:\*|\d+(?:-\d+|\.\d+)?))$/

/** Whether a version, as `show version` prints it (`4.31.4M`, `4.34.7.1M`), is among these. */
export function isAffected(eos: string, affected: readonly string[]): boolean {
  const [, minor, patch = '0', hotfix = '0'] = /^4\.(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(eos) ?? []
  if (minor === undefined) return false
  const is = { minor: Number(minor), patch: Number(patch), hotfix: Number(hotfix) }
  return affected.some((versions) => isWithin(is, versions))
}

function isWithin({ minor, patch, hotfix }: Readonly<Record<'minor' | 'patch' | 'hotfix', number>>, versions: string) {
  const [, before, train, first, last, exact] = /^(<)?4\.(\d+)(?:\.(\d+|\*)(?:-(\d+)|\.(\d+))?)?$/.exec(versions) ?? []
  if (train === undefined) return false
  if (before !== undefined) return minor < Number(train)
  if (minor !== Number(train)) return false
  if (first === undefined || first === '*') return true
  if (exact !== undefined) return patch === Number(first) && hotfix === Number(exact)
  return patch >= Number(first) && patch <= Number(last ?? first)
}

/** A security advisory: what it is about, on which versions of EOS, and which lines switch that on. */
export interface Advisory {
  readonly id: string
  readonly about: string
  readonly url: string
  readonly affected: readonly string[]
  /** Commands by their places, outermost first, with ` / ` between them; in each `a|b` is one of these words, `*` any word, and more may follow. */
  readonly lines: readonly string[]
}

const text = z.string().min(1).max(300)

const schema = once(() =>
  z
    .strictObject({
      version: z.literal(1),
      source: text.describe('Who says so.'),
      date: z.iso.date().describe('Up to which day.'),
      advisories: z
        .array(
          z.strictObject({
            id: text.regex(/^[A-Za-z0-9-]+$/, 'letters, digits and hyphens: SA-117'),
            about: text,
            url: z.url({ protocol: /^https$/ }),
            affected: z
              .array(
                z
                  .string()
                  .regex(
                    VERSIONS,
                    'a train (4.33.*), versions of it (4.33.0-8), one (4.34.7.0) or all before a train (<4.33)',
                  ),
              )
              .min(1),
            lines: z.array(text).min(1).max(50),
          }),
        )
        .max(1000),
    })
    .meta({ id: 'advisories', title: 'eosflow advisories' }),
)

export function parseAdvisories(content: string | Uint8Array, file: string): ValueOrProblems<readonly Advisory[]> {
  const located = readYaml(content, file)
  if (!located.ok) return located
  const parsed = parseWith(schema(), located.value)
  return parsed.ok ? { ok: true, value: parsed.value.advisories } : parsed
}

interface ChangedConfig {
  readonly eos: string
  readonly before: ConfigTree
  readonly changes: readonly Pick<ConfigChange, 'sign' | 'path' | 'line' | 'verbatim'>[]
}

export interface AdvisoryMatch {
  readonly advisory: Advisory
  readonly line: string
}

/**
 * The advisories that added lines switch on: on a version that is affected, where no line of before did so already. Whether a switch is vulnerable
 * depends on more than a line; ANTA says it of a switch.
 */
export function switchedOn(
  advisories: readonly Advisory[],
  { eos, before, changes }: ChangedConfig,
): readonly AdvisoryMatch[] {
  const added = changes.filter(
    ({ sign, verbatim, line }) => sign === '+' && verbatim !== true && parseVerb(line).verb === '',
  )
  if (added.length === 0) return []
  return advisories.flatMap((advisory): AdvisoryMatch[] => {
    if (!isAffected(eos, advisory.affected)) return []
    const patterns = advisory.lines.flatMap(stepsOf)
    const found = added.find(({ path, line }) => patterns.some((steps) => fits(steps, [...path, line])))
    if (found === undefined || patterns.some((steps) => holds(before.children, steps))) return []
    return [{ advisory, line: [...found.path, found.line].join(' / ') }]
  })
}

type Steps = readonly (readonly CommandPattern[])[]

const compiled = new Map<string, Steps>()

function stepsOf(line: string) {
  return [keptIn(compiled, line, () => line.split(' / ').map((step) => compilePattern(step.trim())))]
}

function fits(steps: Steps, commands: readonly string[]) {
  return steps.length === commands.length && commands.every((command, depth) => isOne(steps[depth], command))
}

function isOne(forms: readonly CommandPattern[] | undefined, command: string) {
  const words = wordsOf(command.trim())
  return forms?.some((form) => matchPattern(form, words) !== undefined) === true
}

function holds(nodes: readonly ConfigNode[], [first, ...rest]: Steps): boolean {
  return nodes.some(({ line, children }) => isOne(first, line) && (rest.length === 0 || holds(children, rest)))
}

export type KnownAdvisories = readonly Advisory[] | { readonly unread: string }

/** The notes of a plan, each once with all of its switches. */
export function notesOf(
  known: KnownAdvisories | undefined,
  shown: readonly ComparedEvidence[],
  clean: PlanRedactor,
): Pick<PlanEvidence, 'notes'> {
  const notes = advisoryNotes(known, shown).map((note) => ({ ...note, message: clean(note.message) }))
  return definedMembers({ notes: unlessEmpty(notes) })
}

function advisoryNotes(known: KnownAdvisories | undefined, shown: readonly ComparedEvidence[]): readonly PlanNote[] {
  const advisories = known ?? []
  if ('unread' in advisories)
    return [{ code: 'advisory', devices: [], message: `security advisories were not looked at: ${advisories.unread}` }]
  const switches = shown.flatMap(({ device, identity, comparison }) =>
    switchedOn(advisories, { eos: identity.eos, ...comparison }).map(({ advisory, line }) => {
      const { id, about, url } = advisory
      return [`\`${line}\` switches on what ${id} is about on EOS ${identity.eos}: ${about} (${url})`, device] as const
    }),
  )
  return [...gathered(switches)].map(([message, devices]) => ({ code: 'advisory', devices, message }))
}
