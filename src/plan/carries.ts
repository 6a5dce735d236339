import { canonicalJson } from '../model/canonical-json.ts'
import type { Json } from '../model/json.ts'
import { keptFilesOf } from '../model/kept-workflow.ts'
import { type BaseDifference, baseDifference, type CarryObstacle } from './base-difference.ts'
import type { Plan, PlanContent, PlannedDevice, PlannedNeighbor } from './plan.ts'

/** Whether the approvals of a plan may count for a plan that was made again: nothing hinders it, or what does, and how the bases differ. */
export interface CarryVerdict {
  readonly obstacles: readonly CarryObstacle[]
  readonly differences: readonly BaseDifference[]
}

/**
 * Judges whether a plan that was made again is the one that people approved, but for blocks of the bases that it does not touch. Everything of the content must
 * be equal that is not named here as what may differ, so that a new member is compared too. Pure; what it cannot tell hinders. `approved` is always the
 * plan that people have seen, never one to which its approvals have carried.
 */
export function carries(approved: Plan, made: Plan): CarryVerdict {
  const [before, after] = [approved.content, made.content]
  if (made.digest === approved.digest) return { obstacles: [], differences: [] }
  const judged = after.devices.map((device) =>
    baseDifference(
      device,
      before.devices.find(({ name }) => name === device.name),
      { before: approved.evidence.blocks?.[device.name], after: made.evidence.blocks?.[device.name] },
    ),
  )
  return {
    obstacles: [
      ...kindOfPlan(approved),
      ...otherMembers(before, after),
      ...otherDevices(before, after),
      ...judged.flatMap(({ obstacles }) => obstacles),
    ],
    differences: judged.flatMap(({ differences }) => differences),
  }
}

/** What of a plan itself keeps its approvals from carrying, whatever has become of its switches. */
export function kindOfPlan({ content }: Pick<Plan, 'content'>): readonly CarryObstacle[] {
  const { offline, sites, workflow, rebases, devices, allow } = content
  const kinds: readonly (readonly [boolean, string])[] = [
    [offline || devices.some((device) => device.offline === true), 'the plan was computed without its switches'],
    [sites !== undefined, 'the plan is one of several sites'],
    [keptFilesOf(workflow.file) !== undefined, 'the plan is a rollback or a restore'],
    [rebases !== undefined, 'its approvals were carried to it: nobody has approved this plan itself'],
    [devices.some(({ mode }) => mode !== 'merge'), 'the plan replaces a whole configuration'],
    [allow.includes('users'), 'the plan may change users, passwords and keys'],
    [devices.some(({ bootLines }) => bootLines !== undefined), 'the plan changes what a switch boots'],
    [devices.some(({ unknownLines }) => unknownLines.length > 0), 'the plan has lines that no rule knows'],
  ]
  return kinds.flatMap(([is, reason]) => (is ? [{ part: 'plan', reason }] : []))
}

/** What may differ: who asked, and of which plan it was made again; what each switch is, is compared switch by switch, and of the gate what it says. */
const COMPARED_APART: ReadonlySet<string> = new Set(['requesters', 'rebases', 'devices', 'neighbors', 'gate'])

const MEMBER_WORDS: Readonly<Record<string, string>> = {
  workflow: 'the workflow, one of its files or a value',
  changeFile: 'what the change file says',
  inventory: 'the data of the inventory',
  approve: 'what the workflow demands of an approval',
  policy: 'the policy',
  tool: 'the version of eosflow or of its rules',
  allow: 'what the workflow allows',
  secretRefs: 'the versions of the secrets',
}

function otherMembers(before: PlanContent, after: PlanContent): readonly CarryObstacle[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !COMPARED_APART.has(name),
  )
  const members = names.flatMap((name) => {
    const member = name as keyof PlanContent
    if (isEqual(before[member], after[member])) return []
    return [{ part: name, reason: `${MEMBER_WORDS[name] ?? `what the plan says of ${name}`} is not what was approved` }]
  })
  if (!isEqual(saidByGate(before), saidByGate(after)))
    members.push({ part: 'gate', reason: 'the gate of the policy says something else of the plan' })
  const beside = isEqual((before.neighbors ?? []).map(comparedNeighbor), (after.neighbors ?? []).map(comparedNeighbor))
  if (beside) return members
  return [
    ...members,
    { part: 'neighbors', reason: 'the switches beside are not those that were approved, or have changed' },
  ]
}

/** The document that it was asked about names the plan, and differs with its base. */
function saidByGate({ gate = [] }: PlanContent): readonly Json[] {
  return gate.map(({ input: _, ...said }) => said as unknown as Json)
}

/** What its state was is what the checks compare with, and is read anew. */
function comparedNeighbor({ state: _, ...neighbor }: PlannedNeighbor): Json {
  return neighbor as unknown as Json
}

function otherDevices(before: PlanContent, after: PlanContent): readonly CarryObstacle[] {
  if (!isEqual(namesIn(before), namesIn(after)))
    return [{ part: 'devices', reason: 'the plan is for other switches than the approved one' }]
  return after.devices.flatMap((device, at) => otherDevice(before.devices[at], device))
}

const DEVICE_WORDS: Readonly<Record<string, string>> = {
  identity: 'it is another switch, or runs another EOS',
  inventory: 'the inventory says something else of it',
  lines: 'other lines would be sent',
  linesHmac: 'other lines would be sent',
  diff: 'the switch would make another change',
  diffHmac: 'the switch would make another change',
  said: 'it says something else of the change',
  startupEqualsRunning: 'whether its running-config is saved is not what was approved',
}

function otherDevice(before: PlannedDevice | undefined, after: PlannedDevice): readonly CarryObstacle[] {
  const [was, is] = [comparedDevice(before), comparedDevice(after)]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  return names.flatMap((name) => {
    if (isEqual(was[name], is[name])) return []
    const reason = DEVICE_WORDS[name] ?? `what the plan says of its ${name} is not what was approved`
    return [{ part: name, device: after.name, reason: `${after.name}: ${reason}` }]
  })
}

/** Without what the base is, which is judged block by block, and what its state was; secrets by their HMAC alone, because placeholders depend on the bases. */
function comparedDevice(device: PlannedDevice | undefined): Readonly<Record<string, unknown>> {
  if (device === undefined) return {}
  const { base, lines, diff, ...rest } = device
  return {
    ...rest,
    startupEqualsRunning: base.startupEqualsRunning,
    lines: lines.map(withoutSecrets),
    diff: diff.map(({ sign, text }) => `${sign}${withoutSecrets(text)}`),
  }
}

function withoutSecrets(text: string): string {
  return text.replace(/<redacted:[0-9a-f]{8}>/g, '<redacted>')
}

function namesIn({ devices }: PlanContent): readonly string[] {
  return devices.map(({ name }) => name)
}

function isEqual(a: unknown, b: unknown): boolean {
  return textOf(a) === textOf(b)
}

/** A member that is not there is no value at all. */
function textOf(value: unknown): string {
  return value === undefined ? '' : canonicalJson(JSON.parse(JSON.stringify(value)) as Json)
}
