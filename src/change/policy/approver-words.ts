import type { Scope } from '../../model/principal.ts'
import type { ApprovalDemand } from './obligations.ts'
import type { Policy } from './policy.ts'

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
