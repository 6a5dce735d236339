import { type ConfigTree, childLines, foundIn } from '../../../config/text/tree.ts'

export type CommandMode = 'exec' | 'config' | 'submode'

interface RoleRule {
  readonly permits: boolean
  readonly mode: string | undefined
  readonly command: RegExp
}

interface Authorization {
  readonly defaultRole: string
  readonly roles: ReadonlyMap<string, readonly RoleRule[]>
}

// The roles that every switch has (EOS manual, User Security).
const BUILT_IN: readonly (readonly [string, readonly string[]])[] = [
  ['network-admin', ['10 permit command .*']],
  ['network-operator', ['10 deny mode exec command bash|\\|', '20 permit mode exec command .*']],
]

const RULE = /^(\d+) (permit|deny)(?: mode (\S+))? command (.+)$/

/** Whether a switch denies a command to a user of a role: only where the configuration authorizes commands locally (`aaa authorization commands … default local`), by the first rule of the role whose mode and expression fit, and by default (EOS manual, User Security). */
export function isDenied(tree: ConfigTree, role: string | undefined, mode: CommandMode, command: string): boolean {
  const authorization = authorizationOf(tree)
  if (authorization === undefined) return false
  const rules = authorization.roles.get(role ?? authorization.defaultRole) ?? []
  const rule = rules.find((candidate) => fitsMode(candidate.mode, mode) && candidate.command.test(command))
  return rule?.permits !== true
}

function fitsMode(wanted: string | undefined, mode: CommandMode) {
  if (wanted === undefined) return true
  return wanted === 'config-all' ? mode !== 'exec' : wanted === mode
}

const KNOWN = new WeakMap<ConfigTree, Authorization | { readonly none: true }>()

function authorizationOf(tree: ConfigTree): Authorization | undefined {
  const known = KNOWN.get(tree) ?? read(tree)
  KNOWN.set(tree, known)
  return 'none' in known ? undefined : known
}

function read(config: ConfigTree): Authorization | { readonly none: true } {
  const lines = childLines(config)
  if (!lines.some((line) => /^aaa authorization commands \S+ default local\b/.test(line))) return { none: true }
  const [defaultRole = 'network-operator'] = foundIn(lines, /^aaa authorization policy local default-role (\S+)$/)
  const roles = new Map(BUILT_IN.map(([name, rows]) => [name, rulesOf(rows)]))
  for (const node of config.children) {
    const name = /^role (\S+)$/.exec(node.line)?.[1]
    if (name !== undefined) roles.set(name, rulesOf(childLines(node)))
  }
  return { defaultRole, roles }
}

function rulesOf(rows: readonly string[]): readonly RoleRule[] {
  return rows
    .map((row) => RULE.exec(row))
    .filter((match) => match !== null)
    .sort((a, b) => Number(a[1]) - Number(b[1]))
    .map(([, , verb, mode, command = '']) => ({ permits: verb === 'permit', mode, command: expression(command) }))
}

function expression(source: string) {
  try {
    return new RegExp(`^(?:${source})`)
  } catch {
    return new RegExp(`^${source.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
  }
}
