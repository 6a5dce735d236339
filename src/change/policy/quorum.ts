import type { ApprovalStatement } from '../../model/approval.ts'
import type { NamedPerson, Principal, Scope } from '../../model/principal.ts'
import {
  type ApprovalCase,
  type ApprovalDemand,
  type ApprovalJudgement,
  type ApprovalRefusal,
  FOR_UNKNOWN,
  type Proof,
  proofWords,
  strangerAmong,
  type Use,
} from './approval-case.ts'
import type { Policy, Role, Rule } from './policy.ts'

export const ONE_LOCAL_USER = 'local users of several hosts, and those in a user namespace, count as one person'

export function isLocalUser({ issuer, onBehalfOf }: Pick<Principal, 'issuer' | 'onBehalfOf'>): boolean {
  return issuer === 'local' || onBehalfOf?.issuer === 'local'
}

export function areOneLocalUser(people: readonly Human[]): boolean {
  const hosts = new Set(people.filter(isLocalUser).map(hostOf))
  return hosts.size > 1 || people.some(({ userNamespace }) => userNamespace === true)
}

type Human = Pick<Principal, 'issuer' | 'id' | 'onBehalfOf' | 'userNamespace'>

function hostOf({ issuer, id, onBehalfOf }: Human) {
  const local = issuer === 'local' ? id : (onBehalfOf?.id ?? id)
  return local.slice(local.lastIndexOf('@') + 1)
}

/** `hasIssuers`: people come by an identity provider, so that only a member that says `local:` is a local user. */
export function restsOnLocalUsers(
  { roles, rules }: Pick<Policy, 'roles' | 'rules'>,
  hasIssuers: boolean,
): readonly Rule[] {
  return rules.filter((rule) => needsTwo(rule) && mayBeLocal(rule, roles, hasIssuers))
}

function needsTwo({ require }: Rule) {
  if (require === undefined) return false
  const { count, notRequester, notRunner } = require.approvals
  return count > 1 || notRequester || notRunner
}

function mayBeLocal({ require }: Rule, roles: Readonly<Record<string, Role>>, hasIssuers: boolean) {
  // Of all proofs that a rule can ask for only a passkey may be of a local user.
  if (require?.approvals.proof?.includes('passkey') === false) return false
  const from = require?.approvals.from ?? []
  const members = from.flatMap((name) => roles[name]?.members ?? [])
  const isAnybody = from.length === 0 || members.some((member) => member.startsWith('kind:'))
  return members.some((member) => member.startsWith('local:')) || (isAnybody && !hasIssuers)
}

export interface WeighedApproval {
  readonly statement: ApprovalStatement
  readonly principal: Principal
  readonly roles: readonly string[]
  /** How the decision was proved; absent for a local user, whom the machine alone has seen. */
  readonly proof?: Proof
  readonly flaw?: ApprovalRefusal
  readonly isCarried?: true
}

export type QuorumContext = Pick<
  ApprovalCase,
  | 'moment'
  | 'demands'
  | 'requesters'
  | 'runners'
  | 'uses'
  | 'store'
  | 'execution'
  | 'now'
  | 'highestWallTimeSeen'
  | 'carry'
  | 'people'
>

export function asked(voices: readonly WeighedApproval[], occasion: QuorumContext): ApprovalJudgement {
  const order = byUseThenExpiry(occasion)
  const ordered = voices.toSorted((a, b) => order(a.statement, b.statement))
  const chosen = new Map<string, ApprovalStatement>()
  for (const demand of occasion.demands) {
    const counted = countedFor(demand, ordered, occasion)
    if (counted.length < demand.count) return unmet(demand, counted.length, ordered, occasion)
    for (const { statement } of counted.slice(0, demand.count)) chosen.set(statement.nonce, statement)
  }
  const approvals = [...chosen.values()]
  // What somebody has said twice is one word: whoever uses it uses all of it. Two processes may have put the same approval on record.
  const words = ordered.filter(
    (one) => one.flaw === undefined && approvals.some((own) => isSameHuman(own.approver, one.statement.approver)),
  )
  const used = new Map(words.map(({ statement }) => [statement.nonce, statement]))
  return { status: 'approved', approvals, uses: [...used.values()].flatMap((statement) => useOf(statement, occasion)) }
}

export function countedFor(
  demand: ApprovalDemand,
  voices: readonly WeighedApproval[],
  occasion: Omit<QuorumContext, 'demands'>,
): readonly WeighedApproval[] {
  return distinct(
    voices.filter((voice) => obstacle(demand, voice, occasion) === undefined),
    demand,
    occasion,
  )
}

/** Why an approval does not count for a demand; undefined where it does. */
export function obstacle(
  demand: ApprovalDemand,
  voice: WeighedApproval,
  occasion: Omit<QuorumContext, 'demands'>,
): ApprovalRefusal | undefined {
  if (voice.flaw !== undefined) return voice.flaw
  const { principal, roles } = voice
  const not = (why: string, status: ApprovalRefusal['status'] = 'unentitled'): ApprovalRefusal => ({
    status,
    condition: 'authority',
    reason: `the approval of ${principal.id} does not count for ${demand.by}: ${why}`,
  })
  if (demand.from.length > 0 && !demand.from.some((role) => roles.includes(role))) {
    return not(`it has to come from ${demand.from.join(' or ')}`, 'missing')
  }
  const elsewhere = missingCarry(demand, voice, occasion)
  if (elsewhere !== undefined) return not(elsewhere, 'missing')
  const unproved = missingProof(demand, voice)
  if (unproved !== undefined) return not(unproved, 'missing')
  const same = samePerson(demand, principal, occasion)
  if (same !== undefined) return not(same)
  return tooOld(demand, voice, occasion)
}

function samePerson(
  demand: ApprovalDemand,
  principal: Principal,
  occasion: Pick<QuorumContext, 'requesters' | 'runners' | 'people'>,
) {
  if (demand.notRequester && occasion.requesters.some((requester) => isSameHuman(principal, requester))) {
    return 'the same person made the plan'
  }
  const stranger =
    demand.knownRequester === true ? strangerAmong(occasion.requesters, occasion.people ?? []) : undefined
  if (stranger !== undefined) return `nobody knows who ${stranger} is, who made the plan: it may be the same person`
  if (demand.notRunner && occasion.runners.some((runner) => isSameHuman(principal, runner))) {
    return 'the same person runs the execution'
  }
  const others = [...(demand.notRequester ? occasion.requesters : []), ...(demand.notRunner ? occasion.runners : [])]
  const areOne = areOneLocalUser([principal, ...others, ...occasion.runners])
  if (areOne && isLocalUser(principal) && others.some(isLocalUser)) return ONE_LOCAL_USER
  return undefined
}

function missingCarry(
  { carry }: ApprovalDemand,
  { isCarried, proof }: WeighedApproval,
  { carry: carried }: Pick<QuorumContext, 'carry'>,
) {
  if (isCarried !== true) return undefined
  if (proof === 'review') return 'a review is for the plan that it names alone, and none carries'
  if (carry === undefined) return 'it was given for the plan that this one was made again of, and none carries'
  const other = carried?.kinds.find((kind) => !carry.kinds.includes(kind))
  return other === undefined ? undefined : `the base differs in lines of ${other}, which its \`carry\` does not list`
}

/** Why a decision is not proved as a demand asks; undefined where it is. */
export function missingProof(
  { proof: demanded, takesReview }: Pick<ApprovalDemand, 'proof' | 'takesReview'>,
  { proof }: Pick<WeighedApproval, 'proof'>,
): string | undefined {
  // As strong as write access to the pipeline that reads it: it counts where somebody has written that it does.
  if (demanded === undefined) return proof === 'review' && takesReview !== true ? ONLY_IF_DEMANDED : undefined
  if (proof !== undefined && demanded.includes(proof)) return undefined
  const made = proof === undefined ? 'it is only the word of this machine' : `it was proved by ${proofWords([proof])}`
  return `it has to be proved by ${proofWords(demanded)}, and ${made}`
}

const ONLY_IF_DEMANDED = 'it was proved by a review on the forge, which counts where a rule says `proof: [review]`'

function tooOld(
  { by, maxAge }: ApprovalDemand,
  { statement, principal }: WeighedApproval,
  occasion: Omit<QuorumContext, 'demands'>,
): ApprovalRefusal | undefined {
  if (occasion.moment === 'confirm') return undefined
  const age = Math.max(occasion.now, occasion.highestWallTimeSeen) - Date.parse(statement.notBefore)
  if (maxAge === undefined || age <= maxAge) return undefined
  const reason = `the approval of ${principal.id} is older than the ${Math.floor(maxAge / 1000)} s that ${by} allows`
  return { status: 'expired', condition: 'time', reason }
}

function keyOf({ issuer, id, person }: Pick<Principal, 'issuer' | 'id' | 'person'>, by: ApprovalDemand['distinct']) {
  return by === 'person' && person !== undefined ? `person ${plainName(person)}` : `identity ${issuer} ${plainName(id)}`
}

function plainName(name: string) {
  return name.includes('@') ? name.normalize('NFC').trim().toLowerCase() : name
}

function distinct(
  voices: readonly WeighedApproval[],
  demand: ApprovalDemand,
  { runners }: Pick<QuorumContext, 'runners'>,
) {
  const areOne = areOneLocalUser([...voices.map(({ principal }) => principal), ...runners])
  const first = new Map<string, WeighedApproval>()
  for (const voice of voices) {
    const isOne = areOne && isLocalUser(voice.principal)
    const key = isOne ? 'local' : keyOf(voice.principal, demand.distinct)
    if (!first.has(key)) first.set(key, voice)
  }
  return [...first.values()]
}

export type HumanIdentity = Pick<Principal, 'issuer' | 'id' | 'person' | 'onBehalfOf' | 'named'>

export function isSameHuman(a: HumanIdentity, b: HumanIdentity): boolean {
  const keys = (one: HumanIdentity) =>
    [one, one?.onBehalfOf, ...(one?.named ?? [])].flatMap((each) =>
      each === undefined
        ? []
        : [keyOf(each, 'identity'), ...(each.person === undefined ? [] : [keyOf(each, 'person')])],
    )
  const others = new Set(keys(b))
  return keys(a).some((key) => others.has(key))
}

// How far an approval came before it failed: the reason shown is that of the one that came furthest.
const FURTHEST: readonly ApprovalRefusal['status'][] = ['missing', 'expired', 'used', 'stale', 'unentitled']

function unmet(
  demand: ApprovalDemand,
  have: number,
  voices: readonly WeighedApproval[],
  occasion: QuorumContext,
): ApprovalRefusal {
  const obstacles = voices.flatMap((voice) => obstacle(demand, voice, occasion) ?? [])
  const [furthest] = obstacles.toSorted((a, b) => FURTHEST.indexOf(b.status) - FURTHEST.indexOf(a.status))
  if (furthest !== undefined) return furthest
  if (voices.length === 0) return { status: 'missing', condition: 'authority', reason: nobody(demand) }
  const locals = voices.map(({ principal }) => principal).filter(isLocalUser)
  const why = locals.length > 1 && areOneLocalUser([...locals, ...occasion.runners]) ? `; ${ONE_LOCAL_USER}` : ''
  const reason = `${have} of the ${demand.count} approvals that ${demand.by} asks for${ofWhom(demand)}${why}`
  return { status: 'missing', condition: 'authority', reason }
}

function nobody(demand: ApprovalDemand) {
  const others = demand.count === 1 ? '' : `; ${demand.by} asks for ${demand.count} approvals${ofWhom(demand)}`
  return `nobody has approved this plan${others}`
}

function ofWhom({ from, distinct: apart, proof, forUnknown }: ApprovalDemand) {
  const who = from.length === 0 ? '' : ` from ${from.join(' or ')}`
  const how = proof === undefined ? '' : `, proved by ${proofWords(proof)}`
  const more = forUnknown === undefined ? '' : `, ${FOR_UNKNOWN}`
  return `${who}${apart === 'person' ? ', each of another person' : ''}${how}${more}`
}

function byUseThenExpiry({ uses, execution }: QuorumContext): (a: ApprovalStatement, b: ApprovalStatement) => number {
  const used = ({ nonce }: ApprovalStatement): number =>
    uses.some((use) => use.nonce === nonce && use.execution === execution) ? 1 : 0
  return (a, b) => used(b) - used(a) || Date.parse(b.expires) - Date.parse(a.expires)
}

function useOf({ nonce }: ApprovalStatement, { uses, execution, store }: QuorumContext): readonly Use[] {
  const before = uses.filter((use) => use.nonce === nonce)
  if (before.some((use) => use.execution === execution)) return []
  return [{ nonce, use: before.length + 1, ...(store.any ? { anyStore: true } : {}) }]
}

export interface KnownPeople {
  readonly people: readonly HumanIdentity[]
  /** The members of all roles of the policy, as it names them: `corp:sub:00u1`. */
  readonly members: readonly string[]
}

export function markedUnknown(named: readonly NamedPerson[], { people, members }: KnownPeople): readonly NamedPerson[] {
  return named.map((one) => {
    const subject = `${one.issuer}:sub:`
    const inPolicy = members
      .filter((member) => member.startsWith(subject))
      .map((member): HumanIdentity => ({ issuer: one.issuer, id: member.slice(subject.length) }))
    return [...people, ...inPolicy].some((known) => isSameHuman(known, one)) ? one : { ...one, unknown: true }
  })
}

export function withOneMore(
  demands: readonly ApprovalDemand[],
  requesters: readonly Pick<Principal, 'named'>[],
): readonly ApprovalDemand[] {
  const isUnknown = requesters.some(({ named = [] }) => named.some(({ unknown }) => unknown === true))
  if (!isUnknown) return demands
  return demands.map((one) => (one.notRequester ? { ...one, count: one.count + 1, forUnknown: true } : one))
}

const MOST_NAMED = 3

function whom({ roles }: Pick<Policy, 'roles'>, to: readonly string[]) {
  return to
    .map((name) => (Object.hasOwn(roles, name) ? roleWords(name, roles[name]?.members ?? []) : kindWords(name)))
    .join(' or ')
}

function roleWords(name: string, members: readonly string[]) {
  const named = members.slice(0, MOST_NAMED).map(memberWords)
  const more = members.length - named.length
  const list = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
  return list === '' ? `the role ${name}, which has no member` : `the role ${name} (${list})`
}

function memberWords(member: string) {
  const [, issuer = '', what = '', id = ''] = /^([^:]+):(sub|group):(.+)$/.exec(member) ?? []
  if (what === '') return kindWords(member)
  if (issuer === 'ssh') return id
  return what === 'group' ? `group ${id} of ${issuer}` : `${id} of ${issuer}`
}

function kindWords(name: string) {
  const kind = /^kind:(\w+)$/.exec(name)?.[1]
  return kind === undefined ? name : `any ${kind}`
}

export function allowedTo(policy: Pick<Policy, 'roles' | 'rules'>, action: Scope): string {
  const rules = policy.rules.filter(
    ({ effect, actions, to }) => effect === 'allow' && actions.includes(action) && to.length > 0,
  )
  if (rules.length === 0) return `No rule of the policy allows ${action} to anybody.`
  return rules.map(({ id, to }) => `Rule \`${id}\` allows it to ${whom(policy, to)}.`).join(' ')
}

export function wantedOf(
  policy: Pick<Policy, 'roles'>,
  { by, from, notRequester, notRunner }: ApprovalDemand,
): string | undefined {
  const nots = [...(notRequester ? ['did not make the plan'] : []), ...(notRunner ? ['does not run it'] : [])]
  const other = nots.length === 0 ? [] : [`a person who ${nots.join(' and ')}`]
  const wanted = [...(from.length === 0 ? [] : [whom(policy, from)]), ...other]
  return wanted.length === 0 ? undefined : `${named(by)} wants an approval by ${wanted.join(': ')}.`
}

const named = (by: string) => (/\s/.test(by) ? `${by.charAt(0).toUpperCase()}${by.slice(1)}` : `Rule \`${by}\``)
