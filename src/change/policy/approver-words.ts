import type { Scope } from '../../model/principal.ts'
import type { ApprovalDemand } from './obligations.ts'
import type { Policy } from './policy.ts'

/** So many members of a role are named. */
const MOST_NAMED = 3

/** Who a rule is for, in words: a role with its members, or a kind of caller. */
function whom({ roles }: Pick<Policy, 'roles'>, to: readonly string[]): string {
  return to
    .map((name) => (Object.hasOwn(roles, name) ? roleWords(name, roles[name]?.members ?? []) : kindWords(name)))
    .join(' or ')
}

function roleWords(name: string, members: readonly string[]): string {
  const named = members.slice(0, MOST_NAMED).map(memberWords)
  const more = members.length - named.length
  const list = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
  return list === '' ? `the role ${name}, which has no member` : `the role ${name} (${list})`
}

/** A member as people call it: the person behind an SSH key, a group of a provider, a kind of caller. */
function memberWords(member: string): string {
  const [, issuer = '', what = '', id = ''] = /^([^:]+):(sub|group):(.+)$/.exec(member) ?? []
  if (what === '') return kindWords(member)
  if (issuer === 'ssh') return id
  return what === 'group' ? `group ${id} of ${issuer}` : `${id} of ${issuer}`
}

function kindWords(name: string): string {
  const kind = /^kind:(\w+)$/.exec(name)?.[1]
  return kind === undefined ? name : `any ${kind}`
}

/** Which rules allow an act, and to whom: a sentence. Says so where none does. */
export function allowedTo(policy: Pick<Policy, 'roles' | 'rules'>, action: Scope): string {
  const rules = policy.rules.filter(
    ({ effect, actions, to }) => effect === 'allow' && actions.includes(action) && to.length > 0,
  )
  if (rules.length === 0) return `No rule of the policy allows ${action} to anybody.`
  return rules.map(({ id, to }) => `Rule \`${id}\` allows it to ${whom(policy, to)}.`).join(' ')
}

/** Whose approval a demand wants: a sentence. Undefined where any approval does. */
export function wantedOf(
  policy: Pick<Policy, 'roles'>,
  { by, from, notRequester, notRunner }: ApprovalDemand,
): string | undefined {
  const nots = [...(notRequester ? ['did not make the plan'] : []), ...(notRunner ? ['does not run it'] : [])]
  const other = nots.length === 0 ? [] : [`a person who ${nots.join(' and ')}`]
  const wanted = [...(from.length === 0 ? [] : [whom(policy, from)]), ...other]
  return wanted.length === 0 ? undefined : `${named(by)} wants an approval by ${wanted.join(': ')}.`
}

const named = (by: string): string => (/\s/.test(by) ? `${by.charAt(0).toUpperCase()}${by.slice(1)}` : `Rule \`${by}\``)
